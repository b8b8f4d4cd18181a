from django.urls import path

from sites.bulletin import api, feed, views
from sites.bulletin.views import ENGLISH

IN_ENGLISH = {"language": ENGLISH}

urlpatterns = [
    path("bulletin/", views.index, name="bulletins"),
    path("bulletin/<slug:region>/", views.region, name="bulletin"),
    path("bulletin/<slug:region>/feed.atom", feed.feed, name="bulletin-feed"),
    path("bulletin/<slug:region>/visits.svg", views.picture, name="bulletin-picture"),
    path("en/bulletin/", views.index, IN_ENGLISH, name="bulletins-en"),
    path("en/bulletin/<slug:region>/", views.region, IN_ENGLISH, name="bulletin-en"),
    path("en/bulletin/<slug:region>/feed.atom", feed.feed, IN_ENGLISH, name="bulletin-feed-en"),
    path("en/bulletin/<slug:region>/visits.svg", views.picture, IN_ENGLISH, name="bulletin-picture-en"),
    path("api/v1/public/regions", api.regions, name="public-regions"),
    path("api/v1/public/regions/<slug:region>/rows.<slug:file_format>", api.rows, name="public-rows"),
    path("api/v1/public/releases", api.releases, name="public-releases"),
    path(
        "api/v1/public/releases/<str:release_id>/<slug:file_format>", api.release_file, name="public-release"
    ),
]
