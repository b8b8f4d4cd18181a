from django.urls import path

from sites.reports import views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("reports/<str:day>/", views.report, name="report"),
    path("reports/<str:day>/printed", views.printed, name="report-printed"),
]
