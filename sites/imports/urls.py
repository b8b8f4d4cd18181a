from django.urls import path

from sites.imports import views

urlpatterns = [
    path("imports/", views.imports, name="imports"),
    path("imports/new", views.import_new, name="import-new"),
    path("imports/sample/<slug:kind>.csv", views.import_sample, name="import-sample"),
    path("imports/<uuid:imported>/", views.import_page, name="import"),
    path("imports/<uuid:imported>/columns", views.import_columns, name="import-columns"),
    path("imports/<uuid:imported>/values", views.import_values, name="import-values"),
    path("imports/<uuid:imported>/start", views.import_start, name="import-start"),
    path("imports/<uuid:imported>/drop", views.import_drop, name="import-drop"),
    path("imports/<uuid:imported>/undo", views.import_undo, name="import-undo"),
    path("imports/<uuid:imported>/problems.csv", views.import_problems, name="import-problems"),
]
