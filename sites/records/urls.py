from django.urls import path

from sites.records import views

urlpatterns = [
    path("records/<uuid:record_id>/void", views.undo_records, name="record-undo"),
]
