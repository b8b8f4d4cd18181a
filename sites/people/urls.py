from django.urls import path

from sites.people import factor_views, setup, tablet_views, views

urlpatterns = [
    path("site", views.choose_site, name="choose-site"),
    path("setup/", setup.overview, name="setup"),
    path("setup/site/", setup.site, name="setup-site"),
    path("setup/rooms/", setup.rooms, name="setup-rooms"),
    path("setup/rooms/new", setup.room, name="setup-room-new"),
    path("setup/rooms/<int:pk>/", setup.room, name="setup-room"),
    path("setup/booths/new", setup.booth, name="setup-booth-new"),
    path("setup/booths/<int:pk>/", setup.booth, name="setup-booth"),
    path("setup/hours/", setup.hours, name="setup-hours"),
    path("setup/exceptions/new", setup.exception, name="setup-exception-new"),
    path("setup/exceptions/<int:pk>/remove", setup.exception_remove, name="setup-exception-remove"),
    path("setup/staff/", views.staff, name="setup-staff"),
    path("setup/staff/new", views.staff_new, name="setup-staff-new"),
    path("setup/staff/<int:pk>/", views.staff_change, name="setup-staff-change"),
    path("setup/staff/<int:pk>/password", views.staff_password, name="setup-staff-password"),
    path("setup/staff/<int:pk>/pin", views.staff_pin, name="setup-staff-pin"),
    path("setup/staff/<int:pk>/factor", views.staff_factor, name="setup-staff-factor"),
    path("setup/staff/<int:pk>/sessions", views.staff_sessions, name="setup-staff-sessions"),
    path("me/pin", views.my_pin, name="my-pin"),
    # The names are those by which allauth finds its own steps.
    path("me/access/", factor_views.my_access, name="mfa_index"),
    path("me/access/code", factor_views.add_totp, name="mfa_activate_totp"),
    path("me/access/passkey", factor_views.add_passkey, name="mfa_add_webauthn"),
    path("me/access/factors/<int:pk>/remove", factor_views.remove_factor, name="remove-factor"),
    path("me/access/recovery", factor_views.recovery_codes, name="mfa_view_recovery_codes"),
    path("me/access/recovery/new", factor_views.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("me/access/sessions/end", factor_views.end_session, name="end-session"),
    path("accounts/code/", factor_views.authenticate, name="mfa_authenticate"),
    path("accounts/reauthenticate/code/", factor_views.confirm_by_code, name="mfa_reauthenticate"),
    path(
        "accounts/reauthenticate/passkey/",
        factor_views.confirm_by_passkey,
        name="mfa_reauthenticate_webauthn",
    ),
    path("setup/tablets/", tablet_views.tablets, name="setup-tablets"),
    path("setup/tablets/<uuid:device>/", tablet_views.tablet_change, name="setup-tablet-change"),
    path("setup/tablets/<uuid:device>/again", tablet_views.enrol_again, name="setup-tablet-again"),
    path("setup/tablets/<uuid:device>/revoke", tablet_views.tablet_revoke, name="setup-tablet-revoke"),
]
