"""What the worker does for notices at fixed times."""

from celery import shared_task
from django.utils import timezone

from core.notices import resuming, services


@shared_task
def continue_mailings() -> int:
    return resuming.continue_mailings(at=timezone.now())


@shared_task
def forget_addresses() -> int:
    return services.forget_addresses(at=timezone.now())
