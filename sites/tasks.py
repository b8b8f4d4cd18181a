"""The one background job: beat asks what is due; the database knows, and claims are made there."""

import logging

from celery import shared_task
from celery.signals import worker_init
from django.db import transaction

from sites.association.tasks import fit_segments
from sites.audit.tasks import audit_figures
from sites.clients.tasks import forget_people
from sites.clockwork.services import beat, replay_is_ahead
from sites.imports.tasks import run_imports
from sites.indicators.tasks import count_days
from sites.keyring.startup import refuse_without_keys
from sites.keyring.tasks import finish_destroying_keys
from sites.kiosk.tasks import erase_as_asked
from sites.logbook.tasks import forget_ended_links
from sites.operations.tasks import watch_system
from sites.oversight.tasks import keep_trail
from sites.people.tasks import forget_replaced_boxes, forget_sessions, forget_wrong_codes
from sites.recipients.tasks import prepare_editions, push_releases
from sites.releases.tasks import forget_links, seal_and_build
from sites.reports.tasks import build_reports
from sites.retention.startup import refuse_before_purge
from sites.retention.tasks import count_what_would_go, destroy_due
from sites.review.tasks import look_over_days
from sites.signals.tasks import watch_sites

log = logging.getLogger("scs.tick")
# In the order in which one feeds the next.
DUE: list = [
    count_days,
    look_over_days,
    watch_sites,
    forget_people,
    forget_replaced_boxes,
    build_reports,
    fit_segments,
    seal_and_build,
    forget_links,
    forget_ended_links,
    erase_as_asked,
    prepare_editions,
    push_releases,
    keep_trail,
    audit_figures,
    forget_sessions,
    forget_wrong_codes,
    count_what_would_go,
    destroy_due,
    finish_destroying_keys,
    watch_system,
    run_imports,
]


@worker_init.connect
def start(**_) -> None:
    refuse_without_keys()
    refuse_before_purge()


@shared_task(name="sites.tick")
def tick() -> None:
    """Do what is due, each kind of work by itself: one that fails does not hold the others."""
    with transaction.atomic():
        beat("tick")
        if replay_is_ahead():
            return
    for work in DUE:
        try:
            work()
            with transaction.atomic():
                beat(work.__name__)
        except Exception as error:  # the next tick finds the same work again
            log.error("%s failed:", work.__name__, exc_info=error)
