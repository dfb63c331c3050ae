"""Amounts with their units, as rule sets and checks say them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ordinances.values import PERMILLE
from residents.states import Basis

MINUTES_IN_HOUR = 60


def years(age: int) -> str:
    return ngettext("%(count)s year old", "%(count)s years old", age) % {"count": age}


def full_years_or_more(age: int) -> str:
    return ngettext("%(count)s full year or more", "%(count)s full years or more", age) % {"count": age}


def days(count: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", count) % {"count": count}


def hours(count: int) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}


def times(count: int) -> str:
    return ngettext("%(count)s time", "%(count)s times", count) % {"count": count}


def minutes_as_hours(count: int) -> str:
    """Minutes as people speak of them: 6 hours; 5 hours 30 minutes; 40 minutes; nothing below 0 of them."""
    count = max(0, count)
    whole, rest = divmod(count, MINUTES_IN_HOUR)
    if not rest:
        return hours(whole)
    left = ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest}
    return _("%(hours)s %(minutes)s") % {"hours": hours(whole), "minutes": left} if whole else left


def people(persons: int) -> str:
    return ngettext("%(count)s person", "%(count)s persons", persons) % {"count": f"{persons:,}"}


def percent(permille: int) -> str:
    whole, rest = divmod(permille, PERMILLE // 100)
    return f"{whole}.{rest} %" if rest else f"{whole} %"


def bases_in_words(bases: frozenset[str]) -> str:
    return ", ".join(str(label) for basis, label in Basis.choices if basis in bases)
