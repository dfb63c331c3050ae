"""What the worker does for imports."""

from celery import shared_task
from django.utils import timezone

from core.jobs.imports import services


@shared_task
def forget_old_imports() -> int:
    return services.forget_old_imports(at=timezone.now())
