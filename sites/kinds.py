"""Every record kind of the product, one line a concept, and what that ties to service days."""

from sites.clients.kinds import KINDS as CLIENTS
from sites.logbook.kinds import KINDS as LOGBOOK
from sites.naloxone.kinds import KINDS as NALOXONE
from sites.overdoses.kinds import KINDS as OVERDOSES
from sites.places.queries import dated
from sites.records.models import Record
from sites.records.stories import register
from sites.retention import tables  # noqa: F401 - who destroys which table is told as it is read
from sites.shifts.kinds import KINDS as SHIFTS
from sites.supplies.kinds import KINDS as SUPPLIES
from sites.visits.kinds import KINDS as VISITS

register(*CLIENTS, *VISITS, *NALOXONE, *SUPPLIES, *OVERDOSES, *LOGBOOK, *SHIFTS)
dated.append(lambda site: Record.objects.at(site).exists())
