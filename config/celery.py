"""The Celery application; tasks are found in every app's tasks.py."""

import os

from celery import Celery
from celery.signals import beat_init, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("madang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@beat_init.connect
@worker_init.connect
def _refuse_demo_values(**_kwargs: object) -> None:
    from config.checks import refuse_demo_values  # noqa: PLC0415 - settings must be ready

    refuse_demo_values()
