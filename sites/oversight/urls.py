from django.urls import path

from sites.oversight import views

urlpatterns = [
    path("oversight/", views.oversight, name="oversight"),
    path("oversight/trail/", views.trail, name="trail"),
    path("oversight/trail/csv", views.trail_csv, name="trail-csv"),
    path("oversight/head", views.signed_head, name="trail-head"),
]
