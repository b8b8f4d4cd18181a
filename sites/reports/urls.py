from django.urls import path

from sites.reports import backcast, dictionary, period_views, views

urlpatterns = [
    path("reports/", views.reports, name="reports"),
    path("dictionary/", dictionary.dictionary, name="dictionary"),
    path("dictionary/<str:code>/<str:version>/", backcast.backcast, name="backcast"),
    path("reports/<str:day>/", views.report, name="report"),
    path("reports/<str:day>/printed", views.printed, name="report-printed"),
    path("reports/<str:grain>/<str:first>/", period_views.period, name="period-report"),
    path("reports/<str:grain>/<str:first>/printed", period_views.period_printed, name="period-printed"),
    path("reports/<str:grain>/<str:first>/<str:file_format>", period_views.report_file, name="report-file"),
]
