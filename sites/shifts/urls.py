from django.urls import path

from sites.shifts import views

urlpatterns = [
    path("shift/", views.hand_over, name="shift"),
    path("shift/remarks", views.remark, name="shift-remark"),
    path("shift/remarks/<uuid:ref>/settled", views.settle, name="shift-settle"),
    path("shift/signed", views.sign, name="shift-sign"),
]
