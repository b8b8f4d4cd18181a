"""What runs in containers is told what the settings ask for."""

import re

from django.conf import settings

COMPOSE = settings.BASE_DIR / "compose.yaml"
FILES = ("settings.py", "engines/found.py")
READ = re.compile(r'(?:environ\.get|env_bool)\("([A-Z_]+)"')
IN_THE_IMAGE = {"DATA_DIR", "KEYS_DIR"}
NOT_IN_PRODUCTION = {"DEBUG", "TICK_SECONDS"}


def test_every_setting_reaches_the_containers():
    code = settings.BASE_DIR / "harmreduction"
    read = set(READ.findall("".join((code / file).read_text() for file in FILES)))
    passed = set(re.findall(r"^ {4,6}([A-Z_]+): ", COMPOSE.read_text(), re.MULTILINE))
    assert read - passed == IN_THE_IMAGE | NOT_IN_PRODUCTION
    image = (settings.BASE_DIR / "deploy/Dockerfile").read_text()
    assert all(f"{name}=" in image for name in IN_THE_IMAGE)


def test_whatever_runs_on_a_machine_runs_in_containers():
    units = (settings.BASE_DIR / "deploy/systemd").glob("harmreduction-*.service")
    services = set(re.findall(r"^  (\w+):$", COMPOSE.read_text(), re.MULTILINE))
    assert {unit.stem.removeprefix("harmreduction-") for unit in units} <= services
