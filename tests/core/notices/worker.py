"""A worker that sends one mailing and may be killed on the way: `python -m tests.core.notices.worker MAILING`."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def main() -> None:
    import django

    django.setup()
    from django.conf import settings

    from core.notices import kinds
    from core.notices.models import Mailing
    from core.notices.sending import send_mailing
    from tests.core.notices.letters import HELLO

    settings.NOTICE_CHANNELS = {"mail": "tests.core.notices.ports.FileChannel"}
    settings.NOTICE_RATE = 0
    settings.TEMPLATES[0]["DIRS"].insert(0, settings.BASE_DIR / "tests/core/notices/templates")
    kinds.register_kind(HELLO)
    send_mailing(Mailing.objects.get(pk=sys.argv[1]), lambda _percent, _step: None)


if __name__ == "__main__":
    main()
