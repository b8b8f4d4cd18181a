from django.utils.translation import gettext_lazy as _

# What a hand-over counts at the moment it is signed, in the order of the page.
COUNTED = {
    "people": _("personnes ici"),
    "events": _("surdoses présumées ouvertes"),
    "incidents": _("incidents à suivre"),
    "left": _("substances laissées à suivre"),
    "stock": _("alertes de stock"),
    "tablets": _("tablettes sans nouvelles"),
    "remarks": _("remarques à suivre"),
}
