import re

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import BadArguments, SiteCommand, the_site
from sites.people.models import Staff
from sites.people.roles import BY_CODE, RUNS_THE_SYSTEM
from sites.people.services import generated_password, hire, post, who_runs_the_system

CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class Command(SiteCommand):
    help = _(
        "Fait le premier compte, qui fera les autres à l’écran : il donne tous les rôles et ne voit aucune "
        "visite. Refuse dès qu’il y en a un."
    )

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", help=_("Minuscules, chiffres et tirets : s01-01."))
        self.add_site(parser, required=True)

    @transaction.atomic
    def run(self, *, code, site, **options):
        if able := who_runs_the_system():
            raise BadArguments(_t("Ces comptes donnent déjà tous les rôles : %s.") % ", ".join(able))
        if not CODE.fullmatch(code):
            raise BadArguments(_t("Des minuscules, des chiffres et des tirets : s01-09."))
        if Staff.objects.filter(code=code).exists():
            raise BadArguments(_t("Ce code est déjà pris."))
        password = generated_password()
        name = str(BY_CODE[RUNS_THE_SYSTEM].name).capitalize()
        staff = hire(code=code, display_name=name, role=RUNS_THE_SYSTEM, by="manage.py", password=password)
        post(staff, the_site(site), by="manage.py")
        return _t("Compte %(code)s. Mot de passe, montré cette seule fois : %(password)s") % {
            "code": code,
            "password": password,
        }
