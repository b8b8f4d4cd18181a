from django.urls import path

from sites.releases import views

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/keys/", views.keys, name="release-keys"),
    path("releases/explain/", views.explain, name="release-explain"),
    path("releases/daily/<str:region>/", views.daily, name="release-daily"),
    path("releases/daily/<str:region>/<str:release_id>/", views.daily, name="release-daily-of"),
]
