"""The table of periods in docs/retention.md is the one that the rules make."""

from django.conf import settings

from sites.retention.rules import RULES


def test_the_documented_periods_are_the_declared_ones():
    text = (settings.BASE_DIR / "docs" / "retention.md").read_text()
    table = text.partition("<!-- periods -->\n")[2].partition("<!-- /periods -->")[0]

    rows = [f"| {rule.code} | {rule.months} | {rule.low} – {rule.high} |" for rule in RULES]
    assert table == "\n".join(["| category | months | least – most |", "|---|---|---|", *rows, ""])
