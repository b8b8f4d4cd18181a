#!/usr/bin/env python3
import os
import sys

from django.core.management import execute_from_command_line

from harmreduction.engines import demo


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "harmreduction.settings")
    # Before the settings, which need the database that it starts.
    if sys.argv[1:2] == ["demo"]:
        sys.exit(demo.main(sys.argv[2:]))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
