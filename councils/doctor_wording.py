"""What the quota doctor found, in sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.doctor import (
    Change,
    Contradiction,
    ContradictionKind,
    Diagnosis,
    Need,
    Relaxation,
    Risk,
    Shortage,
    Standing,
)

# The names that people read: {(feature, value): name of the value} and {(feature, ""): name of the feature}.
Labels = Mapping[tuple[str, str], str]


def group_in_words(feature: str, value: str, labels: Labels) -> str:
    """The name of a group; with its feature where another feature has a value of the same name."""
    label = labels.get((feature, value), value)
    alike = [key for key, name in labels.items() if name == label and key[1]]
    if len(alike) < 2:
        return label
    return _("%(feature)s “%(value)s”") % {"feature": feature_in_words(feature, labels), "value": label}


def feature_in_words(feature: str, labels: Labels) -> str:
    return labels.get((feature, ""), feature)


def verdict_in_words(diagnosis: Diagnosis) -> str:
    """One sentence: whether a council can be formed."""
    facts = {"seats": diagnosis.seats, "applicants": diagnosis.applicants}
    if diagnosis.contradictions:
        return _("The quotas contradict each other. Whoever applies, no council can be formed.")
    if diagnosis.feasible:
        return _("A council of %(seats)s can be formed. Applicants so far: %(applicants)s.") % facts
    return _("A council of %(seats)s cannot be formed yet. Applicants so far: %(applicants)s.") % facts


def standing_in_words(standing: Standing, labels: Labels) -> str:
    """One sentence: how a quota stands."""
    facts = {
        "group": group_in_words(standing.quota.feature, standing.quota.value, labels),
        "applicants": standing.applicants,
        "required": standing.required,
        "count": standing.missing,
    }
    if standing.risk is Risk.SHORT:
        return (
            ngettext(
                "%(group)s: %(count)s more needed. Applicants: %(applicants)s, to be drawn: at least %(required)s.",
                "%(group)s: %(count)s more needed. Applicants: %(applicants)s, to be drawn: at least %(required)s.",
                standing.missing,
            )
            % facts
        )
    if not standing.required:
        return _("%(group)s: no minimum. Applicants: %(applicants)s.") % facts
    if not standing.spare:
        return _("%(group)s: just enough. If one of the %(applicants)s withdraws, no council can be formed.") % facts
    if standing.risk is Risk.AT_RISK:
        return _("%(group)s: at risk. Applicants: %(applicants)s, to be drawn: at least %(required)s.") % facts
    return _("%(group)s: enough. Applicants: %(applicants)s, to be drawn: at least %(required)s.") % facts


def need_in_words(need: Need, labels: Labels) -> str:
    """For example: People in their forties or younger: 3 more needed."""
    return ngettext("%(group)s: %(count)s more needed", "%(group)s: %(count)s more needed", need.persons) % {
        "group": group_in_words(need.feature, need.value, labels),
        "count": need.persons,
    }


def shortage_in_words(shortage: Shortage, labels: Labels) -> list[str]:
    """A sentence, and behind it a line for each group that has to be among the additional applicants."""
    count = {"count": shortage.persons}
    if not shortage.needs:
        sentence = ngettext(
            "With %(count)s more applicant, whoever it is, a council can be formed.",
            "With %(count)s more applicants, whoever they are, a council can be formed.",
            shortage.persons,
        )
        return [sentence % count]
    sentence = ngettext(
        "With %(count)s more applicant a council can be formed, for example if this is met. One person may count in "
        "several lines.",
        "With %(count)s more applicants a council can be formed, for example if this is met. One person may count in "
        "several lines.",
        shortage.persons,
    )
    return [sentence % count, *(need_in_words(need, labels) for need in shortage.needs)]


def contradiction_in_words(contradiction: Contradiction, seats: int, labels: Labels) -> str:
    """One sentence: what in the quotas themselves leaves no council possible."""
    facts = {
        "feature": feature_in_words(contradiction.feature, labels),
        "value": labels.get((contradiction.feature, contradiction.value or ""), contradiction.value or ""),
        "total": contradiction.total,
        "seats": seats,
    }
    if contradiction.kind is ContradictionKind.MINIMA_ABOVE_SEATS:
        return _("%(feature)s: the quotas ask for at least %(total)s persons, and there are %(seats)s seats.") % facts
    if contradiction.kind is ContradictionKind.MAXIMA_BELOW_SEATS:
        return _("%(feature)s: the quotas allow at most %(total)s persons, and there are %(seats)s seats.") % facts
    if contradiction.kind is ContradictionKind.NEGATIVE:
        return _("%(feature)s, %(value)s: no quota is below zero.") % facts
    return _("%(feature)s, %(value)s: the least is more than the most.") % facts


def change_in_words(change: Change, labels: Labels) -> str:
    """What a quota would have to become, as a part of a sentence."""
    facts = {
        "group": group_in_words(change.quota.feature, change.quota.value, labels),
        "minimum": change.minimum,
        "maximum": change.maximum,
        "old_minimum": change.quota.minimum,
        "old_maximum": change.quota.maximum,
    }
    if change.maximum == change.quota.maximum:
        return _("%(group)s: at least %(minimum)s instead of %(old_minimum)s") % facts
    if change.minimum == change.quota.minimum:
        return _("%(group)s: at most %(maximum)s instead of %(old_maximum)s") % facts
    return (
        _("%(group)s: %(minimum)s to %(maximum)s instead of at least %(old_minimum)s and at most %(old_maximum)s")
        % facts
    )


def relaxation_in_words(relaxation: Relaxation, labels: Labels) -> str:
    """One sentence: the quotas that would give way, and how far."""
    return ngettext(
        "A council can be formed if %(count)s quota gives way (%(changes)s).",
        "A council can be formed if %(count)s quotas give way (%(changes)s).",
        len(relaxation.changes),
    ) % {
        "count": len(relaxation.changes),
        "changes": "; ".join(change_in_words(change, labels) for change in relaxation.changes),
    }
