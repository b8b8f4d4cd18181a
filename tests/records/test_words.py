from django.utils.translation import override

from sites.overdoses import corrections, pages
from sites.records.words import REASONS, reason_words


def test_a_reason_that_the_product_gives_is_read_in_the_language_of_the_reader():
    with override("en"):
        assert reason_words("heure précisée") == "more exact time"
        assert reason_words("Clavier resté ouvert") == "Clavier resté ouvert"
    with override("fr-ca"):
        assert reason_words("heure précisée") == "heure précisée"


def test_every_reason_that_the_product_gives_has_its_words():
    chips = {code for code, _words in corrections.REASONS} - {corrections.OTHER}
    given = {pages.PLACE_REASON, pages.SLIP_REASON, pages.FALSE_ALARM_REASON}
    assert chips | given <= set(REASONS)
