"""What a check of an application found, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.membership import Check, Rule, Standing


@dataclass(frozen=True, slots=True)
class CheckInWords:
    """`article` names the bylaws, or "" where they say nothing about it."""

    rule: str
    article: str
    required: str
    actual: str
    met: bool


def standing_in_words(standing: Standing) -> str:
    return {
        Standing.SERVING: _("head of a city, county or district in office"),
        Standing.SERVING_PROVINCE: _("head of a province or metropolitan city in office"),
        Standing.FORMER: _("former head"),
        Standing.NONE: _("no term of office known"),
    }[standing]


def check_in_words(check: Check) -> CheckInWords:
    """Rule, article, what is required, what is there."""
    rules = {
        Rule.AGREES: _("agrees with the purpose of the club"),
        Rule.STANDING: _("office of the applicant"),
        Rule.ONE_OFFICE_ONE_MEMBER: _("members for the same office"),
        Rule.ONE_APPLICATION: _("other open applications for the same office"),
    }
    return CheckInWords(
        rule=rules[check.rule],
        article=_("bylaws, article %(number)s") % {"number": check.article} if check.article else "",
        required=_required(check),
        actual=_actual(check),
        met=check.met,
    )


def _required(check: Check) -> str:
    if isinstance(check.required, tuple):
        words = [standing_in_words(standing) for standing in check.required]
        return words[0] if len(words) == 1 else _("%(one)s or %(other)s") % {"one": words[0], "other": words[1]}
    return _("yes") if check.rule is Rule.AGREES else _counted(check.rule, check.required)


def _actual(check: Check) -> str:
    if isinstance(check.actual, Standing):
        return standing_in_words(check.actual)
    if check.rule is Rule.AGREES:
        return _("yes") if check.met else _("no")
    return _counted(check.rule, check.actual)


def _counted(rule: Rule, number: int) -> str:
    if not number:
        return _("none")
    if rule is Rule.ONE_APPLICATION:
        return ngettext("%(count)s application", "%(count)s applications", number) % {"count": number}
    return ngettext("%(count)s member", "%(count)s members", number) % {"count": number}
