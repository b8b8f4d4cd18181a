"""Every address of the product, one line a concept."""

from django.urls import include, path

from sites.people.language import choose_language

urlpatterns = [
    path("language", choose_language, name="language"),
    path("", include("sites.people.urls")),
    path("", include("sites.registers.urls")),
    path("", include("sites.records.urls")),
    path("", include("sites.review.urls")),
    path("", include("sites.reports.urls")),
    path("", include("sites.audit.urls")),
    path("", include("sites.visits.urls")),
    path("", include("sites.naloxone.urls")),
    path("", include("sites.supplies.urls")),
    path("", include("sites.overdoses.urls")),
    path("", include("sites.logbook.urls")),
    path("", include("sites.sheets.urls")),
    path("", include("sites.imports.urls")),
    path("", include("sites.kiosk.urls")),
    path("", include("sites.releases.urls")),
    path("", include("sites.recipients.urls")),
    path("", include("sites.signals.urls")),
    path("", include("sites.shifts.urls")),
    path("", include("sites.dashboard.urls")),
    path("", include("sites.oversight.urls")),
    path("", include("sites.operations.urls")),
    path("", include("sites.commissioning.urls")),
    path("", include("sites.retention.urls")),
    path("", include("sites.returns.urls")),
    path("", include("sites.bulletin.urls")),
    path("", include("sites.tablet.urls")),
]
