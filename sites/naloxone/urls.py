from django.urls import path

from sites.naloxone import views

urlpatterns = [
    path("stock/", views.stock, name="stock"),
    path("stock/receive/", views.receive, name="stock-receive"),
    path("stock/<uuid:lot>/", views.lot, name="stock-lot"),
    path("stock/<uuid:lot>/move", views.move, name="stock-move"),
    path("stock/<uuid:lot>/count/", views.count, name="stock-count"),
    path("stock/<uuid:lot>/records/<uuid:record_id>/void", views.void, name="stock-void"),
]
