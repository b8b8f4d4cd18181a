from django.urls import path

from sites.returns import views

urlpatterns = [
    path("returns/", views.returns, name="returns"),
    path("returns/<str:month>/", views.month_return, name="month-return"),
    path("returns/<str:month>/make", views.make, name="make-return"),
    path("returns/<str:month>/printed", views.printed, name="return-printed"),
    path("returns/<str:month>/give", views.give, name="give-return"),
]
