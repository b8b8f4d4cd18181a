import pytest

from sites.bulletin import queries, views
from sites.recipients.tasks import prepare_editions


@pytest.fixture
def told(published):
    """S01 of R01 and S03 of R02, sealed, built, and prepared for the public."""
    prepare_editions()
    kept = (views.region_page, views.region_picture, queries.rows_csv, queries.rows_json)
    for made in kept:
        made.cache_clear()
    return published
