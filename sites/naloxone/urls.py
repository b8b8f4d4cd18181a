from django.urls import path

from sites.naloxone import count_views, kit_views, order_views, recall_views, transfer_views, views

urlpatterns = [
    path("stock/", views.stock, name="stock"),
    path("stock/receive/", views.receive, name="stock-receive"),
    path("stock/count/", count_views.count_all, name="stock-count-all"),
    path("stock/order/", order_views.order, name="stock-order"),
    path("stock/rules/", views.rules, name="stock-rules"),
    path("stock/recall/", recall_views.recall, name="stock-recall"),
    path("stock/transfers/", transfer_views.transfers, name="stock-transfers"),
    path("stock/transfers/<uuid:transfer>/", transfer_views.take_in, name="stock-take-in"),
    path("stock/<uuid:lot>/", views.lot, name="stock-lot"),
    path("stock/<uuid:lot>/labels/", order_views.label, name="stock-labels"),
    path("stock/<uuid:lot>/scan/", order_views.scan, name="stock-scan"),
    path("stock/<uuid:lot>/move", views.move, name="stock-move"),
    path("stock/<uuid:lot>/withdraw", recall_views.withdraw, name="stock-withdraw"),
    path("stock/<uuid:lot>/count/", count_views.count, name="stock-count"),
    path("stock/<uuid:lot>/records/<uuid:record_id>/void", views.void, name="stock-void"),
    path("kits/", kit_views.kits, name="kits"),
    path("kits/assemble/", kit_views.assemble, name="kit-assemble"),
    path("kits/give", kit_views.give, name="kit-give"),
    path("kits/used", kit_views.used, name="kit-used"),
]
