from django.urls import path

from sites.recipients import api, handover, log, register_views, views

urlpatterns = [
    path("api/v1/releases", api.releases, name="api-releases"),
    path("api/v1/releases/<str:release_id>/<str:file_format>", api.release_file, name="api-release"),
    path("releases/handover/<str:release_id>/", handover.hand_over, name="hand-over"),
    path("releases/recipients/", views.recipients, name="recipients"),
    path("releases/recipients/new", views.recipient, name="recipient-new"),
    path("releases/recipients/site", views.site_public, name="site-public"),
    path("releases/recipients/<int:pk>/", views.recipient, name="recipient"),
    path("releases/recipients/<int:pk>/revoke", views.recipient_revoke, name="recipient-revoke"),
    path("releases/recipients/<int:pk>/token", views.token_new, name="recipient-token"),
    path("releases/recipients/<int:pk>/push", views.push, name="recipient-push"),
    path("releases/recipients/<int:pk>/push/again", views.push_again, name="recipient-push-again"),
    path("releases/tokens/<int:pk>/revoke", views.token_revoke, name="recipient-token-revoke"),
    path("releases/register/", register_views.register, name="register"),
    path("releases/register/sign", register_views.sign, name="register-sign"),
    path("releases/register/<int:pk>/", register_views.signed, name="register-signed"),
    path("releases/disclosures/", log.disclosures, name="disclosures"),
    path("releases/disclosures/csv", log.disclosures_csv, name="disclosures-csv"),
]
