from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.management.base import BadArguments, SiteCommand
from sites.people.models import Staff
from sites.people.services import forget_second_factor, generated_password, set_password


class Command(SiteCommand):
    help = _("Rend un compte à qui n’y entre plus et n’a personne pour l’aider; la piste dit pourquoi.")

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", help=_("Le compte."))
        parser.add_argument("--why", required=True, help=_("Pourquoi, et qui l’a demandé."))

    @transaction.atomic
    def run(self, *, code, why, **options):
        staff = Staff.objects.filter(code=code.lower(), is_active=True).first()
        if staff is None:
            raise BadArguments(_t("Aucun compte actif n’a ce code."))
        if not why.strip():
            raise BadArguments(_t("Dire pourquoi."))
        password = generated_password()
        set_password(staff, password, by="manage.py", told=True)
        forget_second_factor(staff, by="manage.py", why=why.strip()[:200])
        return _t("Compte %(code)s. Mot de passe, montré cette seule fois : %(password)s") % {
            "code": staff.code,
            "password": password,
        }
