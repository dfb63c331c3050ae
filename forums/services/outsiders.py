"""People outside the membership: speakers, advisers, staff."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from forums.models import Outsider
from residents.models import User


@transaction.atomic
def save_outsider(*, outsider: Outsider, actor: User | None, at: datetime) -> Outsider:
    """Add or change a person. Raises RuleViolation without a name, or for somebody who stands there already."""
    outsider.name = outsider.name.strip()
    if not outsider.name:
        raise RuleViolation(_("Please give a name."))
    same = Outsider.objects.filter(name=outsider.name, affiliation=outsider.affiliation).exclude(pk=outsider.pk)
    if same.exists():
        raise RuleViolation(_("This person stands in the register already."), code="known_already")
    is_new = outsider._state.adding
    outsider.save()
    record(
        actor=actor,
        action="forums.outsider_added" if is_new else "forums.outsider_changed",
        target=outsider,
        at=at,
    )
    return outsider
