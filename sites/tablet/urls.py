from django.urls import path

from sites.tablet import health, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/records", views.records, name="api-records"),
]
