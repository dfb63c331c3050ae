"""The Celery application; tasks are found in every app's tasks.py."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("madang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
@worker_init.connect
def _refuse_demo_values(**_kwargs: object) -> None:
    from config.checks import refuse_demo_values  # noqa: PLC0415 - settings must be ready

    try:
        refuse_demo_values()
    except ImproperlyConfigured as problem:
        # Celery logs any other exception of a listener and starts all the same.
        raise SystemExit(str(problem)) from None


@worker_ready.connect
def _take_up_lost_jobs(**_kwargs: object) -> None:
    """Look after what a killed worker left: at once, and when the lease of a job that was held a moment ago is over.

    The schedule does the same all the time, where it runs.
    """
    from django.conf import settings  # noqa: PLC0415 - as above

    for seconds in (0, settings.JOB_LOST_AFTER_SECONDS + 1):
        app.send_task("core.jobs.tasks.take_up_lost_jobs", countdown=seconds)
