from django.urls import path

from sites.overdoses import protocol_views, views

urlpatterns = [
    path("setup/protocol/", protocol_views.protocol, name="setup-protocol"),
    path("overdoses/", views.overdoses, name="overdoses"),
    path("overdoses/start", views.start, name="overdose-start"),
    path("overdoses/<uuid:event>/", views.overdose, name="overdose"),
    path("overdoses/<uuid:event>/live", views.live, name="overdose-live"),
    path("overdoses/<uuid:event>/steps", views.step, name="overdose-step"),
    path("overdoses/<uuid:event>/doses", views.dose, name="overdose-dose"),
    path("overdoses/<uuid:event>/place", views.place, name="overdose-place"),
    path("overdoses/<uuid:event>/records/<uuid:record_id>/", views.correct, name="overdose-correct"),
    path("overdoses/<uuid:event>/records/<uuid:record_id>/undo", views.undo, name="overdose-undo"),
    path("overdoses/<uuid:event>/later", views.later, name="overdose-later"),
    path("overdoses/<uuid:event>/declared", views.declared, name="overdose-declared"),
    path("overdoses/<uuid:event>/close/", views.close, name="overdose-close"),
    path("overdoses/<uuid:event>/false-alarm/", views.false_alarm, name="overdose-false-alarm"),
]
