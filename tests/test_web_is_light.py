"""What the web has read before it answers: every view, and nothing of what only the worker computes with."""

import subprocess
import sys

from django.conf import settings

HEAVY = {"numpy", "scipy", "pandas"}
LOADED = "import sys, harmreduction.wsgi; print(*sys.modules)"


def test_the_web_loads_every_view_at_once_and_no_solver_and_no_statistics():
    found = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, check=True, text=True, cwd=settings.BASE_DIR
    )  # noqa: S603 - this interpreter and a text of ours
    loaded = set(found.stdout.split())
    assert "sites.visits.views" in loaded
    assert not HEAVY & {name.partition(".")[0] for name in loaded}
