"""Every write on rule sets."""

from datetime import datetime

from django.db import transaction

from ordinances.models import RuleSet


@transaction.atomic
def lock_rule_set(*, rule_set_id: int, at: datetime) -> RuleSet:
    """Mark a rule set as in use: from now on it is never changed, only followed by a new version."""
    rule_set = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    if rule_set.locked_at is None:
        rule_set.locked_at = at
        rule_set.save(update_fields=["locked_at"])
    return rule_set
