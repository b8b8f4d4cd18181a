"""When a period of the plan is sealed."""

# Days from the last day of a period to the morning that seals it (privacy.md R7): a month on the 5th, a
# quarter on the 10th, a year on 15 January, what came late on 1 February.
LAG = {"day": 2, "week": 2, "month": 5, "quarter": 10, "year": 15}
LATE_LAG = 32
