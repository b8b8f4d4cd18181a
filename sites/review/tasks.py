from sites.review.looking import look_due

SECONDS_A_TICK = 10


def look_over_days() -> None:
    look_due(seconds=SECONDS_A_TICK)
