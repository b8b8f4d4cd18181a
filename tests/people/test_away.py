"""A database that goes away in the middle of a request is said as such, never as a fault of ours."""

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from harmreduction.pg.scope import acting
from sites.people.access import public

pytestmark = pytest.mark.django_db(transaction=True)


def lose_the_connection() -> None:
    with connection.cursor() as cursor:
        cursor.execute("reset role")
        cursor.execute("select pg_terminate_backend(pg_backend_pid())")


@require_safe
@public
def lost(request):
    lose_the_connection()
    return HttpResponse("never")


@require_safe
@public
def lost_in_a_scope(request):
    with acting(sites=[1]):
        lose_the_connection()
    return HttpResponse("never")


@require_safe
@public
def lost_and_gone_on(request):
    try:
        lose_the_connection()
    finally:
        raise ValueError


class Addresses:
    urlpatterns = [
        path("lost", lost),
        path("api/scope", lost_in_a_scope),
        path("on", lost_and_gone_on),
    ]


@pytest.mark.parametrize("address", ["/lost", "/api/scope", "/on"])
def test_a_lost_connection_is_503_and_the_next_request_works(client, settings, address):
    settings.ROOT_URLCONF = Addresses
    answer = client.get(address)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    with connection.cursor() as cursor:
        cursor.execute("select 1")
