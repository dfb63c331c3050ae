"""After a new SECRET_KEY: encrypt the second factors with it, so that the old key can be dropped."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from residents.services.second_factors import re_encrypt_second_factors


class Command(BaseCommand):
    """`manage.py reencrypt_second_factors`, while the old key still stands in SECRET_KEY_FALLBACKS."""

    help = "Encrypts every second factor with today's SECRET_KEY. The old key must stand in SECRET_KEY_FALLBACKS."

    def handle(self, *args: Any, **options: Any) -> None:
        del args, options
        count = re_encrypt_second_factors(at=timezone.now())
        self.stdout.write(f"Encrypted anew: {count}.")
