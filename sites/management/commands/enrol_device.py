from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sites.management.base import SiteCommand, dumped, the_site
from sites.people.services import enrol_tablet


class Command(SiteCommand):
    help = _("Inscrit une tablette; son jeton est montré cette seule fois.")

    def add_arguments(self, parser):
        self.add_site(parser, required=True)
        parser.add_argument("--label", default="", help=_("Nom de la tablette."))
        parser.add_argument("--json", action="store_true", help=_("En JSON."))

    @transaction.atomic
    def run(self, *, site, label, **options):
        found = the_site(site)
        device, token = enrol_tablet(found, label[:40], by="manage.py")
        answer = {"device": str(device.uuid), "token": token}
        return dumped(answer) if options["json"] else f"{answer['device']}\n{token}"
