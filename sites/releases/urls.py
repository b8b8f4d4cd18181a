from django.urls import path

from sites.releases import api, views

urlpatterns = [
    path("api/v1/releases", api.releases, name="api-releases"),
    path("api/v1/releases/<str:release_id>/<str:file_format>", api.release_file, name="api-release"),
    path("releases/", views.releases, name="releases"),
    path("releases/daily/<str:region>/", views.daily, name="release-daily"),
    path("releases/daily/<str:region>/<str:release_id>/", views.daily, name="release-daily-of"),
    path("releases/files/<str:release_id>/<str:file_format>", views.release_file, name="release-file"),
]
