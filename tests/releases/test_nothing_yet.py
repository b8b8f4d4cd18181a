"""Pages about what leaves, before anything has left."""

from django.test import Client

from sites.releases.plan_page import history
from tests.releases.published import signed_in, text


def test_before_anything_is_published_the_list_says_so(site):
    assert "Rien n’est encore publié" in text(signed_in(site).get("/releases/"))
    assert signed_in(site, "privacy_officer").get("/releases/daily/ALL/").status_code == 404


def test_before_anything_is_sealed_the_page_says_so(site):
    assert "Rien n’est encore scellé" in text(signed_in(site).get("/releases/explain/"))


def test_a_site_without_a_plan_says_so_and_may_get_one(site, fresh_keys):
    client = signed_in(site)
    assert "Ce site n’a pas de plan" in text(client.get("/releases/plan/"))
    shown = client.get("/releases/plan/next").context["form"].data
    assert client.post("/releases/plan/next", shown | {"act": "adopt"}).status_code == 302
    assert "environ 2 sur 40" in text(client.get("/releases/plan/"))
    assert [version.state for version in history(site)] == ["current"]


def test_before_anything_is_published_there_is_no_bulletin(site):
    assert Client().get("/bulletin/R01/").status_code == 404
    assert Client().get("/bulletin/").status_code == 200
