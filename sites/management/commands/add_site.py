from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sites.commissioning.services import bring_into_service
from sites.management.arguments import clock_time, opening, positive, zone
from sites.management.base import BadArguments, SiteCommand
from sites.places.forms import MOST_BOOTHS, SITE_CODE
from sites.places.models import Organisation, Site
from sites.places.services import WeekHours, ensure_region, injection_room

TYPICAL_VISITS = 40


class Command(SiteCommand):
    help = _("Ajoute un site : une salle d’injection, ses places, ses heures. Le reste se règle à l’écran.")

    def add_arguments(self, parser):
        parser.add_argument("code", metavar="CODE", help=_("Majuscules et chiffres : S04."))
        parser.add_argument("--region", required=True, metavar="R", help=_("Code de la région."))
        parser.add_argument("--zone", type=zone, required=True, metavar="IANA", help=_("Fuseau horaire."))
        parser.add_argument(
            "--cutover", type=clock_time, required=True, metavar="HH:MM", help=_("Changement de jour.")
        )
        parser.add_argument("--booths", type=positive, required=True, metavar="N", help=_("Places."))
        parser.add_argument(
            "--hours", type=opening, required=True, metavar="HH:MM-HH:MM", help=_("Chaque jour.")
        )
        parser.add_argument(
            "--visits-per-day",
            type=positive,
            default=TYPICAL_VISITS,
            help=_("Visites attendues par jour : décide du plan de publication, avant tout fait."),
        )
        parser.add_argument("--name", help=_("Nom; sinon le code."))
        parser.add_argument("--organisation", help=_("Organisme du premier site; sinon son nom."))

    @transaction.atomic
    def run(self, *, code, region, booths, hours, **options):
        for text in (code, region):
            if not SITE_CODE.fullmatch(text):
                raise BadArguments(_t("« %(text)s » n’est pas un code : S04, R01.") % {"text": text})
        if booths > MOST_BOOTHS:
            raise BadArguments(_t("Au plus %(most)s places.") % {"most": MOST_BOOTHS})
        if Site.objects.filter(code=code).exists():
            raise BadArguments(_t("Le site %(code)s existe déjà.") % {"code": code})
        name = options["name"] or code
        site = bring_into_service(
            code=code,
            name_fr=name,
            name_en="",
            organisation=_organisation(options["organisation"], name),
            region=ensure_region(region),
            zone=options["zone"],
            cutover=options["cutover"],
            rooms=[injection_room(booths)],
            hours=WeekHours(*hours),
            by="manage.py",
            visits_per_day=options["visits_per_day"],
        )
        return _t("Le site %(code)s est ajouté.") % {"code": site.code}


def _organisation(typed: str | None, site_name: str) -> str:
    """An installation is of one organisation: its holds, its recipients and its staff are of the house."""
    known = list(Organisation.objects.order_by("pk").values_list("name_fr", flat=True))
    if typed and known and typed not in known:
        said = _t("Cette installation est à « %(known)s »; un autre organisme a la sienne.")
        raise BadArguments(said % {"known": known[0]})
    return typed or (known[0] if known else site_name)
