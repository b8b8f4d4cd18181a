"""What docs/security.md says is shown by a test is shown by one that is there."""

import re

from django.conf import settings

PAGE = (settings.BASE_DIR / "docs" / "security.md").read_text()
NAMED = re.compile(r"`((?:\w+/)*test_\w+\.py)(?:::(\w+))?`")


def test_every_test_named_is_there():
    named = NAMED.findall(PAGE)
    assert len(named) > 40
    for path, function in named:
        file = settings.BASE_DIR / "tests" / path
        assert file.exists(), path
        assert not function or f"def {function}(" in file.read_text(), function


def test_every_line_is_met_by_a_test_not_applicable_or_says_why():
    lines = [line.split("|") for line in PAGE.partition("| id |")[2].splitlines()[2:]]
    for _start, ids, _what, state, shown, _end in lines:
        assert state.strip() in {"met", "n/a", "deviates"}, ids
        assert shown.strip(), ids
        assert state.strip() != "met" or NAMED.search(shown), ids
