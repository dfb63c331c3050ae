"""Help texts of the desk that quote the rule: what binds this assembly, and what follows from it for its dates."""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assemblies.models import Assembly
from assemblies.services.rolls import age_day
from assemblies.states import AssemblyStatus
from core.templatetags.madang import day_text, people
from ordinances.models import RuleSet
from ordinances.quoting import quote, quotes
from ordinances.rulesets import AssemblyRules, Parameter


def _lines(*texts: str) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((text,) for text in texts if text))


def _rules(rule_set: RuleSet) -> AssemblyRules | None:
    try:
        return rule_set.for_assemblies()
    except ValueError:
        return None


def notice_help(rule_set: RuleSet, *, held_at: datetime | None, today: date, is_announced: bool = False) -> SafeString:
    """The rule on notice, and by when this assembly has to be announced, or on which day it can be held."""
    quoted = quote(rule_set, Parameter.NOTICE_DAYS)
    rules = _rules(rule_set)
    if not quoted or rules is None or is_announced:
        return _lines(quoted)
    days = timedelta(days=rules.notice_days.value)
    earliest = day_text(today + days)
    if held_at is None:
        return _lines(quoted, _("If it is announced today, the earliest day for it is %(day)s.") % {"day": earliest})
    last = timezone.localdate(held_at) - days
    if last < today:
        follows = _(
            "For this day it had to be announced by %(last)s. If it is announced today, the earliest day for it is "
            "%(day)s."
        ) % {"last": day_text(last), "day": earliest}
    else:
        follows = _("For this day it has to be announced by %(last)s.") % {"last": day_text(last)}
    return _lines(quoted, follows)


def quorum_help(rule_set: RuleSet, *, population: int | None) -> SafeString:
    """The rule on the quorum, and how many persons it asks for where that can be said already."""
    quoted = quote(rule_set, Parameter.QUORUM)
    rules = _rules(rule_set)
    if not quoted or rules is None or not population:
        return _lines(quoted)
    try:
        required = rules.quorum.value.required(population=population, on_roll=0)
    except ValueError:  # reckoned from the voter roll
        return _lines(quoted)
    if not required:
        return _lines(quoted)
    words = {"population": people(population), "required": people(required)}
    return _lines(quoted, _("With a population of %(population)s this is %(required)s.") % words)


def voters_help(assembly: Assembly, at: datetime) -> list[str]:
    """The rules on who stands on the roll of this assembly, one line each."""
    lines = [quote(assembly.rule_set, one) for one in (Parameter.VOTING_AGE, Parameter.RESIDENT_BASES)]
    rules = _rules(assembly.rule_set)
    if rules is not None:
        day = day_text(age_day(assembly, rules, at))
        lines.insert(1, SafeString(_("Age is counted in full years on %(day)s.") % {"day": day}))
    return [line for line in lines if line]


def announcing_help(assembly: Assembly, today: date) -> list[str]:
    """What the rule on notice asks for, before the announcement is made."""
    if assembly.status != AssemblyStatus.PREPARING:
        return []
    return [notice_help(assembly.rule_set, held_at=assembly.held_at, today=today)]


def tie_help(rule_set: RuleSet) -> SafeString:
    """What the rule set says on ties."""
    return quotes(rule_set, Parameter.TIE_RULE)
