from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.commissioning.services import start_code
from sites.management.base import BadArguments, SiteCommand
from sites.people.queries import nobody_yet


class Command(SiteCommand):
    help = _(
        "Montre l’adresse et le code par lesquels une installation toute neuve reçoit, dans un navigateur, "
        "son premier site et son premier compte. Refuse dès qu’il y a un compte."
    )

    def run(self, **options):
        if not nobody_yet():
            raise BadArguments(_t("Il y a déjà un compte : cette adresse n’existe plus."))
        origin = next(iter(settings.CSRF_TRUSTED_ORIGINS), "http://localhost:8000")
        return f"{origin}{reverse('start')}#{start_code()}"
