"""What councils do by the clock."""

from celery import shared_task
from django.utils import timezone

from councils.services.erasure import erase_due, erase_due_enrolments


@shared_task
def erase_due_applications() -> None:
    """Delete the personal data of applicants, and of who enrolled in programmes, whose day of deletion has come."""
    now = timezone.now()
    erase_due(at=now)
    erase_due_enrolments(at=now)
