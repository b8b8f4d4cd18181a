from django.urls import path

from sites.releases import external_views, plan_views, views

urlpatterns = [
    path("releases/", views.releases, name="releases"),
    path("releases/external/", external_views.external_figures, name="external-figures"),
    path("releases/external/new", external_views.external_figure_new, name="external-figure-new"),
    path("releases/plan/", plan_views.plan, name="release-plan"),
    path("releases/plan/next", plan_views.plan_next, name="release-plan-next"),
    path("releases/keys/", views.keys, name="release-keys"),
    path("releases/explain/", views.explain, name="release-explain"),
    path("releases/daily/<str:region>/", views.daily, name="release-daily"),
    path("releases/daily/<str:region>/<str:release_id>/", views.daily, name="release-daily-of"),
]
