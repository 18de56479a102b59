"""`python -m toadlane.config.cli`: the same command, and any command of Django's by its own name."""

import os
import sys

from toadlane.config.cli import COMMANDS, main

if len(sys.argv) > 1 and sys.argv[1] not in COMMANDS and not sys.argv[1].startswith("-"):
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "toadlane.config.settings")
    execute_from_command_line(sys.argv)
else:
    main()
