from allauth.account import views as account
from django.urls import include, path

from sites.commissioning.views import sign_in
from sites.tablet.views import not_found

handler404 = not_found
urlpatterns = [
    path("", include("sites.urls")),
    # Signing up, e-mail and lost passwords are not offered: a manager makes and mends accounts.
    path("accounts/login/", sign_in, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
]
