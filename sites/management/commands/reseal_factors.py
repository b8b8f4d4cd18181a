from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import SiteCommand
from sites.people.factors import seal_again
from sites.trail.services import note


class Command(SiteCommand):
    help = _("Scelle de nouveau les seconds facteurs sous SECRET_KEY, avant d’oublier l’ancienne.")

    @transaction.atomic
    def run(self, **options):
        count, lost = seal_again()
        note("second factors sealed again", actor="manage.py", about="key", about_id=count)
        said = _t("Scellés de nouveau : %(count)s.") % {"count": count}
        if not lost:
            return said
        return said + " " + _t("Aucune clé n’ouvre ceux de : %(codes)s.") % {"codes": ", ".join(lost)}
