from django.urls import path

from sites.records import compare_views, confirm_views, views

urlpatterns = [
    path("records/<uuid:record_id>/void", views.undo_records, name="record-undo"),
    path("records/<uuid:record_id>/correct", views.correct, name="record-correct"),
    path("records/<uuid:record_id>/withdraw", views.withdraw, name="record-withdraw"),
    path("review/confirm/", confirm_views.to_be_confirmed, name="confirm"),
    path("review/<uuid:record_id>/", compare_views.compare, name="review-compare"),
    path("review/<uuid:record_id>/instead", compare_views.instead, name="review-instead"),
    path("review/<uuid:record_id>/settle", views.settle, name="review-settle"),
    path("review/<uuid:record_id>/again", views.take_again, name="review-again"),
]
