from django.urls import path

from sites.audit import views

urlpatterns = [path("audit/", views.audit, name="audit")]
