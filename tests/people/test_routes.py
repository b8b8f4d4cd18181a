import json

from django.core.management import call_command
from django.urls import path, re_path
from django.views.decorators.http import require_safe

from sites.people.access import staff_may
from sites.people.devices import device_of
from sites.people.routes import routes
from sites.people.terms import Permission


@require_safe
@staff_may(Permission.READ_REPORTS)
def page(request, key):
    """Stands for a view of ours."""


class Addresses:
    urlpatterns = [
        path("reports/<uuid:key>/", page, name="report"),
        re_path(r"^old/(?P<key>[-:\w]+)/$", page),
    ]


def test_a_route_says_who_may_and_how(settings):
    settings.ROOT_URLCONF = Addresses
    old, report = routes()
    assert report == {
        "path": "/reports/<uuid:key>/",
        "name": "report",
        "methods": ["GET", "HEAD"],
        "permission": "read_reports",
        "roles": ["manager"],
        "site_scoped": True,
    }
    assert (old["path"], old["name"]) == ("/old/<re:key>/", None)


def test_the_command_lists_api_and_third_party(capsys):
    call_command("routes", "--json")
    by_path = {route["path"]: route for route in json.loads(capsys.readouterr().out)}
    assert by_path["/accounts/login/"]["permission"] == "public"
    assert by_path["/api/v1/records"]["permission"] == "device"
    assert by_path["/api/v1/records"]["methods"] == ["POST"]


def test_an_enrolled_tablet_is_known_by_its_token(site, capsys):
    call_command("enrol_device", "--site=S01", "--json")
    answer = json.loads(capsys.readouterr().out)
    device = device_of(answer["token"])
    assert (str(device.uuid), device.site) == (answer["device"], site)
    assert device_of("another") is None
