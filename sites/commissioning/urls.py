from django.urls import path

from sites.commissioning import views

urlpatterns = [path("start/", views.start, name="start")]
