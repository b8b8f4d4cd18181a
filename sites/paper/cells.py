"""Cells of a table of text, as a spreadsheet should show them."""

# What makes a spreadsheet compute a cell, the wide forms of Asian keyboards too.
COMPUTED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value):
    """A text that would be taken for a formula, marked as text; anything else as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(COMPUTED) else value
