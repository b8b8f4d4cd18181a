from django.urls import path

from sites.supplies import setup, views

urlpatterns = [
    path("counter/", views.counter, name="counter"),
    path("counter/day/", views.day, name="counter-day"),
    path("counter/bulk/<slug:what>/", views.bulk, name="counter-bulk"),
    path("setup/counter/", setup.overview, name="setup-counter"),
    path("setup/counter/baskets/new", setup.basket, name="setup-basket-new"),
    path("setup/counter/baskets/<int:pk>/", setup.basket, name="setup-basket"),
    path("setup/counter/conversion", setup.conversion, name="setup-conversion"),
]
