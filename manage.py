#!/usr/bin/env python
"""Django's command line for Madang."""

import os
import sys

CALLED_WRONGLY = 2

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as problem:
        # The sentence says what is wrong with the settings; where Django noticed it helps nobody.
        if "--traceback" in sys.argv:
            raise
        sys.stderr.write(f"{problem}\n")
        sys.exit(CALLED_WRONGLY)
