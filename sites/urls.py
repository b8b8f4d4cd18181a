"""Every address of the product, one line a concept."""

from django.urls import include, path

urlpatterns = [
    path("", include("sites.tablet.urls")),
]
