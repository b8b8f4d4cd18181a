"""`python -m tests.releases`: the table of docs/releases.md."""

import django

django.setup()

from tests.releases.years import SIZES, table  # noqa: E402 - models are read after the set-up

print(table(SIZES, years=20))
