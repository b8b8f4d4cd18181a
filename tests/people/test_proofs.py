from datetime import timedelta

import pytest
from django.utils import timezone

from sites.people.devices import enrol
from sites.people.models import Staff
from sites.people.pins import prove, set_pin
from sites.people.proofs import MAX_CHECKS, Proof, Proofs, lock, unlock
from tests.factories import make_staff

PIN = "418273"


@pytest.fixture
def nurse(site):
    staff = Staff.objects.get(code="s01-01")
    set_pin(staff, PIN, by=staff.code)
    return staff


@pytest.fixture
def device(site):
    return enrol(site)[0]


def proven(device, *, by="s01-01", entered=None, received=None, **proof) -> bool:
    present = timezone.now()
    return Proofs(device.site, device, received or present).proven(by, Proof(**proof), entered or present)


def test_an_unlock_proves_what_its_holder_typed(device, nurse, site):
    _held, token = unlock(device, nurse)
    make_staff("s01-02", site)
    assert proven(device, unlock=token)
    assert not proven(device, unlock=token, by="s01-02")
    assert not proven(enrol(site)[0], unlock=token)


def test_what_was_typed_before_the_lock_and_sent_after_it_is_proven(device, nurse):
    _held, token = unlock(device, nurse)
    typed = timezone.now()
    lock(device)
    later = typed + timedelta(hours=1)
    assert proven(device, unlock=token, entered=typed, received=later)
    assert not proven(device, unlock=token, entered=later, received=later)


def test_what_was_typed_before_the_unlock_is_not(device, nurse):
    _held, token = unlock(device, nurse)
    assert not proven(device, unlock=token, entered=timezone.now() - timedelta(hours=1))


def test_what_comes_after_the_unlock_is_over_is_to_confirm(device, nurse):
    _held, token = unlock(device, nurse)
    assert not proven(device, unlock=token, received=timezone.now() + timedelta(hours=13))


def test_a_sealed_pin_proves_its_person(device, nurse, site):
    make_staff("s01-02", site)
    assert proven(device, pin=PIN)
    for by, pin in (("s01-01", "418274"), ("s01-02", PIN), ("s09-99", PIN)):
        assert not proven(device, pin=pin, by=by)


@pytest.mark.parametrize("proof", [{"pin": ""}, {"pin": "٤١٨٢٧٣"}, {"unlock": ""}, {"unlock": "\ud800"}])
def test_a_proof_that_is_none_proves_nothing(device, nurse, proof):
    assert not proven(device, **proof)


def test_without_a_proof_an_author_is_believed(device, nurse):
    assert proven(device)


def test_guesses_with_records_are_not_counted_and_soon_not_looked_at(device, nurse):
    batch = Proofs(device.site, device, timezone.now())
    for n in range(MAX_CHECKS):
        assert not batch.proven("s01-01", Proof(pin=f"{n:06d}"), timezone.now())
    assert not batch.proven("s01-01", Proof(pin=PIN), timezone.now())
    assert prove(device, "s01-01", PIN) == nurse
