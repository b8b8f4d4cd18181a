from django.urls import path

from sites.kiosk import views

urlpatterns = [
    path("kiosk/", views.kiosk, name="kiosk"),
    path("kiosk/open", views.open_kiosk, name="kiosk-open"),
    path("kiosk/leave", views.leave, name="kiosk-leave"),
    path("kiosk/language", views.language, name="kiosk-language"),
    path("kiosk/person", views.person, name="kiosk-person"),
    path("registers/erasures/", views.erasures, name="erasures"),
]
