"""Each command tells what it does, without a database."""

from pathlib import Path

import pytest
from django.core.management import load_command_class

APPS = ("sites", "harmreduction.backups")
COMMANDS = [
    (app, path.stem)
    for app in APPS
    for path in sorted(Path(app.replace(".", "/"), "management/commands").glob("[a-z]*.py"))
]


@pytest.mark.parametrize(("app", "name"), COMMANDS)
def test_each_command_has_its_help(app, name):
    command = load_command_class(app, name)
    if hasattr(command, "create_parser"):
        told = command.create_parser("manage.py", name).format_help()
        assert name in told
        assert str(command.help).split()[0] in told
