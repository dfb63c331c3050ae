"""Second factors at rest."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.db import transaction

from core.audit.services import record
from residents.adapters import MFAAdapter

SECRETS = ("secret", "seed")  # of an authenticator app, of recovery codes


@transaction.atomic
def re_encrypt_second_factors(*, at: datetime) -> int:
    """Encrypt every secret with today's SECRET_KEY; the number of second factors.

    Raises cryptography.fernet.InvalidToken, and changes nothing, if a secret was encrypted with a key that stands
    neither in SECRET_KEY nor in SECRET_KEY_FALLBACKS.
    """
    adapter = MFAAdapter()
    count = 0
    for authenticator in Authenticator.objects.select_for_update().select_related("user").order_by("pk"):
        for name in SECRETS:
            if name in authenticator.data:
                authenticator.data[name] = adapter.re_encrypt(authenticator.data[name])
        authenticator.save(update_fields=["data"])
        record(
            actor=None,
            action="residents.second_factors_re_encrypted",
            target=authenticator,
            persons=[authenticator.user],
            at=at,
        )
        count += 1
    return count
