"""Days as French Canada and English Canada write them."""

from datetime import date

from sites.releases.formats.words import long_day, period_name, short_day


def test_only_the_first_of_a_month_has_a_rank_in_french():
    first, week = date(2026, 11, 1), (date(2026, 6, 1), date(2026, 6, 7))
    assert long_day(first, "fr") == "1er novembre 2026"
    assert short_day(first, "fr") == "1er nov."
    assert short_day(date(2026, 11, 11), "fr") == "11 nov."
    assert short_day(first, "en") == "Nov 1"
    assert period_name("week", *week, "fr") == "1er juin au 7 juin 2026"
