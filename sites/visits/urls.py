from django.urls import path

from sites.visits import views

urlpatterns = [
    path("visits/", views.visits, name="visits"),
    path("visits/new", views.arrival, name="arrival"),
    path("visits/<uuid:ref>/", views.visit, name="visit"),
    path("visits/<uuid:ref>/<slug:act>", views.visit_act, name="visit-act"),
    path("turnaways/new", views.turn_away, name="turn-away"),
]
