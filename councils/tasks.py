"""What councils do by the clock."""

from celery import shared_task
from django.utils import timezone

from councils.services.erasure import erase_due


@shared_task
def erase_due_applications() -> None:
    """Delete the personal data of applicants whose recruitment's day of deletion has come."""
    erase_due(at=timezone.now())
