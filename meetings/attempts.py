"""How often codes may be guessed: mistaken ones are counted for each meeting and network.

Only mistakes count, because a whole hall may share one address, and who types nothing is not asked. Eight letters have
37 bits, and of the six digits two numbers in a million are right at a time.
"""

import hashlib

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext as _

from core.errors import RuleViolation
from core.limits import client_network

# Or as many as there are people on the list, if they are more: each of them may mistype once.
MOST_MISTAKES = 30
SECONDS = 15 * 60


def _key(request: HttpRequest, meeting_id: int) -> str:
    digest = hashlib.sha256(client_network(request).encode()).hexdigest()[:32]
    return f"meeting-codes:{meeting_id}:{digest}"


def refuse_guessing(request: HttpRequest, meeting_id: int, people: int) -> None:
    """Raise RuleViolation (429) after too many mistakes at a meeting with `people` on its list."""
    if cache.get(_key(request, meeting_id), 0) >= max(MOST_MISTAKES, people):
        raise RuleViolation(
            _("Too many wrong codes were typed. Please wait fifteen minutes, or go to the desk in the hall."),
            code="too_many_codes",
            status=429,
        )


def note_mistake(request: HttpRequest, meeting_id: int) -> None:
    key = _key(request, meeting_id)
    cache.add(key, 0, SECONDS)
    try:
        cache.incr(key)
    except ValueError:
        # It ran out between the two steps.
        cache.set(key, 1, SECONDS)
