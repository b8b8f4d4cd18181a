from django.urls import path

from sites.signals import views

urlpatterns = [
    path("signals/", views.signals, name="signals"),
    path("signals/threshold", views.signal_threshold, name="signal-threshold"),
    path("signals/<int:pk>/acknowledge", views.signal_acknowledge, name="signal-acknowledge"),
    path("signals/<int:pk>/send", views.signal_send, name="signal-send"),
    path("signals/<int:pk>/sent/<int:message>/", views.signal_sent, name="signal-sent"),
    path("warnings/new", views.warning_new, name="warning-new"),
    path("warnings/<int:pk>/withdraw", views.warning_withdraw, name="warning-withdraw"),
    path("warnings/<int:pk>/read", views.warning_read, name="warning-read"),
]
