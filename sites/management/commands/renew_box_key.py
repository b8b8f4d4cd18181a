from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sites.keyring.boxes import OPENED_FOR, renew
from sites.management.base import SiteCommand, the_site
from sites.trail.services import note


class Command(SiteCommand):
    help = gettext_lazy("Change la clé à laquelle les tablettes scellent; l’ancienne ouvre encore 90 jours.")

    def add_arguments(self, parser):
        self.add_site(parser, required=True)

    @transaction.atomic
    def run(self, *, site, **options):
        found = the_site(site)
        made = renew(found)
        note("box key renewed", actor="manage.py", site_id=found.pk, about="key", about_id=made)
        return _("Nouvelle clé : %(key)s. L’ancienne ouvre encore pendant %(days)s jours.") % {
            "key": made,
            "days": OPENED_FOR.days,
        }
