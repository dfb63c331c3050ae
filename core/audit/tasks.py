"""What the worker does for the logs."""

from celery import shared_task
from django.utils import timezone

from core.audit import sealing, services


@shared_task
def seal_audit_entries() -> int:
    return sealing.seal_pending(at=timezone.now())


@shared_task
def forget_old_access_entries() -> int:
    return services.forget_old_access_entries(at=timezone.now())
