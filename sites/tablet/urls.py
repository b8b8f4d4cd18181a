from django.urls import path

from sites.tablet import health, views

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/records", views.records, name="api-records"),
    path("api/v1/openapi.json", views.openapi, name="api-openapi"),
    path("api/v1/codes", views.codes, name="api-codes"),
]
