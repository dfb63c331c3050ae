"""What the club does by the clock."""

from celery import shared_task
from django.utils import timezone

from forums.services import admission
from forums.services.applications import erase_due


@shared_task
def erase_due_applications() -> None:
    """Delete the personal data of applications whose day has come."""
    erase_due(at=timezone.now())


@shared_task
def erase_old_guests() -> None:
    """Delete the personal data of guests whose event was long ago."""
    admission.erase_old_guests(at=timezone.now())
