"""Wiring: settings, addresses, Celery, WSGI. No rules and no models live here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
