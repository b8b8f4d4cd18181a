from django.urls import path

from sites.dashboard import context_views, views

urlpatterns = [
    path("dashboard/", views.dashboard, name="dashboard"),
    path("dashboard/printed", views.dashboard_printed, name="dashboard-printed"),
    path("dashboard/<slug:code>/", views.number_behind, name="number-behind"),
    path("trends/", context_views.trends, name="trends"),
    path("trends/printed", context_views.trends_printed, name="trends-printed"),
    path("context/new", context_views.context_new, name="context-new"),
    path("context/<int:pk>/", context_views.context_event, name="context-event"),
    path("context/<int:pk>/printed", context_views.context_printed, name="context-printed"),
    path("context/<int:pk>/remove", context_views.context_remove, name="context-remove"),
]
