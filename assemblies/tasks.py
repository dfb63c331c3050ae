"""What happens by the clock."""

import logging

from celery import shared_task
from django.utils import timezone

from assemblies.queries import polls_due
from assemblies.services import close_poll, open_poll
from core.errors import RuleViolation

log = logging.getLogger("madang.assemblies")


@shared_task
def move_due_polls() -> None:
    """Open and close the polls whose announced time has come. One that cannot is left as it is and named in the log."""
    now = timezone.now()
    to_open, to_close = polls_due(now)
    for poll_id in to_open.values_list("pk", flat=True):
        try:
            open_poll(poll_id=poll_id, actor=None, at=now)
        except RuleViolation as error:
            log.warning("poll %s was not opened: %s", poll_id, error.code)
    for poll_id in to_close.values_list("pk", flat=True):
        try:
            close_poll(poll_id=poll_id, actor=None, at=now)
        except RuleViolation as error:
            log.warning("poll %s was not closed: %s", poll_id, error.code)
