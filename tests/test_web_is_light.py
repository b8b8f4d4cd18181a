"""The web shows what the worker computed: what computes stays out of it, with its 60 MiB."""

import subprocess
import sys

from django.conf import settings

HEAVY = {"numpy", "scipy", "pandas"}
LOADED = """
import sys
import harmreduction.wsgi, harmreduction.urls
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_the_web_loads_no_solver_and_no_statistics():
    found = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, check=True, text=True, cwd=settings.BASE_DIR
    )  # noqa: S603 - this interpreter and a text of ours
    loaded = set(found.stdout.split())
    assert "sites" in loaded
    assert not loaded & HEAVY
