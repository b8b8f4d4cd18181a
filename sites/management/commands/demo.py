import subprocess
import sys

from django.core.management.base import BaseCommand

DEMO = [sys.executable, "-m", "harmreduction.engines.demo"]


class Command(BaseCommand):
    """Listed here; manage.py runs it before Django, whose settings need what it starts."""

    help = "Starts everything with demo data: what `make demo` runs."

    def print_help(self, prog_name, subcommand):
        subprocess.run([*DEMO, "--help"], check=True)  # noqa: S603

    def run_from_argv(self, argv):
        sys.exit(subprocess.run([*DEMO, *argv[2:]]).returncode)  # noqa: S603
