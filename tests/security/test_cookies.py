"""Behind TLS no cookie can be set by another host of the domain, nor sent in clear."""

import json
import secrets

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, transaction

from tests.backups.made import manage
from tests.factories import PASSWORD, make_staff

BEHIND_TLS = {
    "HTTPS": "1", "DEBUG": "0", "ALLOWED_HOSTS": "scs.example", "SECRET_KEY": secrets.token_urlsafe(48),
}  # fmt: skip
# In a process of its own: the names are chosen when the settings are read.
SEEN = """
import json
from django.test import Client
client = Client(raise_request_exception=False, headers={"Host": "scs.example", "X-Forwarded-Proto": "https"})
asked = [
    client.get("/accounts/login/"),
    client.post("/accounts/login/", {"login": "s01-09", "password": PASSWORD}),
    client.post("/language", {"language": "en"}),
    client.post("/turnaways/new", {"reason": "full", "count": "2"}),
    client.get("/"),
    client.post("/accounts/logout/"),
]
print(json.dumps([cookie.OutputString() for answer in asked for cookie in answer.cookies.values()]))
"""


def test_behind_tls_every_cookie_is_bound_to_the_host(committed_site):
    with transaction.atomic():
        person = make_staff("s01-09", committed_site)
        person.password = Argon2PasswordHasher().encode(PASSWORD, "salt" * 4)
        person.save()
    script = SEEN.replace("PASSWORD", repr(PASSWORD))
    told = manage("shell", "-v", "0", "-c", script, database=connection.settings_dict["NAME"], **BEHIND_TLS)
    assert told.returncode == 0, told.stderr
    seen = json.loads(told.stdout)
    names = {one.split("=")[0] for one in seen}
    assert names == {f"__Host-{name}" for name in ("csrftoken", "sessionid", "desk", "lang", "messages")}
    for one in seen:
        attributes = {part.strip().lower() for part in one.split(";")[1:]}
        assert {"secure", "path=/", "samesite=lax"} <= attributes, one
        assert not any(part.startswith("domain") for part in attributes), one
