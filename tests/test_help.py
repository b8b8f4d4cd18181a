"""Each command tells what it does, without a database."""

from pathlib import Path

import pytest
from django.core.management import load_command_class

COMMANDS = sorted(path.stem for path in Path("sites/management/commands").glob("[a-z]*.py"))


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_has_its_help(name):
    command = load_command_class("sites", name)
    if hasattr(command, "create_parser"):
        told = command.create_parser("manage.py", name).format_help()
        assert name in told
        assert str(command.help).split()[0] in told
