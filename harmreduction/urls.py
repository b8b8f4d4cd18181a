from django.urls import include, path

urlpatterns = [
    path("", include("sites.urls")),
    path("accounts/", include("allauth.account.urls")),
]
