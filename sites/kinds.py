"""Every record kind of the product, one line a concept."""

from sites.clients.kinds import KINDS as CLIENTS
from sites.naloxone.kinds import KINDS as NALOXONE
from sites.overdoses.kinds import KINDS as OVERDOSES
from sites.records.stories import register
from sites.visits.kinds import KINDS as VISITS

register(*CLIENTS, *VISITS, *NALOXONE, *OVERDOSES)
