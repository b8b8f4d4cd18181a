"""What is held about one person as JSON in plain words, for them to take away.

By month, never by day: what they said of themselves (P-39.1, s. 27), and what the screen shows. No site.
"""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from sites.clients.models import Client
from sites.codes.queries import label
from sites.kiosk.queries import Held, held_about
from sites.places.queries import today
from sites.visits.models import Visit

# A square of more is hard to read with a telephone: then each month has its own.
EASY_TO_READ = 900


def copies(client: Client) -> list[str]:
    """JSON texts that are whole each: one, or what is held and then every month apart."""
    held = held_about(client)
    about, months = _about(client, held), _months(client)
    whole = _text(about | {_("Passages reliés"): months})
    if len(whole.encode()) <= EASY_TO_READ:
        return [whole]
    return [_text(about), *(_text({_("Passages reliés"): [month]}) for month in months)]


def _text(content: dict) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _about(client: Client, held: Held) -> dict:
    agreement = held.agreement
    told: dict = {
        _("Gardé en date du"): today(client.site).isoformat(),
        _("Entente"): {
            _("Version"): agreement.version,
            _("Mois"): _month(agreement.agreed_at.date()),
            _("Langue"): agreement.language,
        },
    }
    if held.away_until:
        told[_("Mesure jusqu’au")] = held.away_until.isoformat()
    if held.alerts:
        told[_("Alertes")] = [
            {_("Alerte"): label("client_alert", one.alert), _("Jusqu’au"): one.until.isoformat()}
            for one in held.alerts
        ]
    return told


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _months(client: Client) -> list[dict]:
    """One entry a month with visits still linked: how many, and what was said in them, counted."""
    by_month: dict[str, list[Visit]] = {}
    for visit in Visit.objects.at(client.site).filter(client=client).order_by("service_date"):
        by_month.setdefault(_month(visit.service_date), []).append(visit)
    return [_told(month, visits) for month, visits in by_month.items()]


def _told(month: str, visits: list[Visit]) -> dict:
    said = {
        _("Substances"): _counted("substances", (code for visit in visits for code in visit.substances)),
        _("Voie"): _counted("route", (visit.route for visit in visits)),
        _("Genre"): _counted("gender", (visit.gender for visit in visits)),
        _("Âge"): _counted("age_band", (visit.age_band for visit in visits)),
    }
    return {_("Mois"): month, _("Nombre"): len(visits)} | {
        name: value for name, value in said.items() if value
    }


def _counted(list_name: str, codes: Iterable[str]) -> dict[str, int]:
    return {label(list_name, code): count for code, count in Counter(filter(None, codes)).items()}
