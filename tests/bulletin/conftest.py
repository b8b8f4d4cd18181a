import pytest

from sites.bulletin import queries, views
from sites.recipients.tasks import prepare_editions


@pytest.fixture(scope="module")
def prepared_once(published_once, django_db_blocker):
    with django_db_blocker.unblock():
        prepare_editions()


@pytest.fixture
def told(prepared_once, published):
    """S01 of R01 and S03 of R02, sealed, built, and prepared for the public."""
    for made in (views.region_page, views.region_picture, queries.rows_csv, queries.rows_json):
        made.cache_clear()
    return published
