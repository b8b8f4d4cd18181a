from django.urls import path

from sites.tablet import (
    app_views,
    board_views,
    confirm_views,
    event_views,
    health,
    last_time,
    shell,
    unlock_views,
    views,
)

urlpatterns = [
    path("", board_views.home, name="board"),
    path("board/live", board_views.live, name="board-live"),
    path("api/v1/board", board_views.api_board, name="api-board"),
    path("tablet/", shell.app, name="tablet"),
    path("offline/", shell.offline, name="offline"),
    path("sw.js", shell.worker, name="service-worker"),
    path("manifest.webmanifest", shell.manifest, name="manifest"),
    path("api/v1/tablet/setup", app_views.setup, name="api-tablet-setup"),
    path("api/v1/tablet/room", app_views.room, name="api-tablet-room"),
    path("api/v1/tablet/events/<uuid:event>", event_views.event, name="api-tablet-event"),
    path("api/v1/tablet/enrol", unlock_views.enrol, name="api-tablet-enrol"),
    path("api/v1/tablet/unlock", unlock_views.unlock, name="api-tablet-unlock"),
    path("api/v1/tablet/lock", unlock_views.lock, name="api-tablet-lock"),
    path("api/v1/tablet/pin", unlock_views.choose_pin, name="api-tablet-pin"),
    path("api/v1/tablet/help", unlock_views.help_colleague, name="api-tablet-help"),
    path("api/v1/tablet/confirm", confirm_views.to_confirm, name="api-tablet-confirm"),
    path("api/v1/tablet/last-time", last_time.last_time, name="api-tablet-last-time"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("api/v1/records", views.records, name="api-records"),
    path("api/v1/openapi.json", views.openapi, name="api-openapi"),
    path("api/v1/codes", views.codes, name="api-codes"),
]
