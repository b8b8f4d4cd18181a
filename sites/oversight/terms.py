"""What the officer is shown of the trail, and from when on it stands out."""

from datetime import timedelta

# An arrival follows the look-up that was made for it.
ARRIVES_WITHIN = timedelta(minutes=15)
BURST, BURST_WITHIN = 10, timedelta(minutes=10)
# What takes something out of the product, or could.
LEAVES = r"export|sent|printed|handed over|token made|downloaded"
LOOKED = "looked"
REFUSED = "refused"
CHANGED = ("record.corrected", "record.voided")
# Work goes on this long before opening and after closing.
AROUND_HOURS = timedelta(hours=1)
PERIOD_DAYS = 30
MOST_SHOWN = 50
