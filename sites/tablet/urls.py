from django.urls import path

from sites.tablet import board_views, health, views

urlpatterns = [
    path("", board_views.home, name="board"),
    path("board/live", board_views.live, name="board-live"),
    path("api/v1/board", board_views.api_board, name="api-board"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/records", views.records, name="api-records"),
    path("api/v1/openapi.json", views.openapi, name="api-openapi"),
    path("api/v1/codes", views.codes, name="api-codes"),
]
