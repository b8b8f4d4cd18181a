from django.urls import path

from sites.logbook import setup_views, views

urlpatterns = [
    path("logbook/", views.logbook, name="logbook"),
    path("logbook/new/<slug:sheet>", views.new, name="logbook-new"),
    path("logbook/incidents/<uuid:incident>/", views.incident, name="incident"),
    path("logbook/incidents/<uuid:incident>/told", views.incident_told, name="incident-told"),
    path("logbook/incidents/<uuid:incident>/close", views.incident_close, name="incident-close"),
    path("logbook/left/<uuid:item>/", views.left_behind, name="left-behind"),
    path("logbook/left/<uuid:item>/step", views.left_step, name="left-step"),
    path("logbook/left/<uuid:item>/sign/<uuid:record_id>", views.left_sign, name="left-sign"),
    path("setup/deadlines/", setup_views.incident_deadlines, name="setup-deadlines"),
]
