"""Checks under the bylaws in sentences: what is asked, what is, what is missing. In the reader's language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forums.bylaws import Check, Rule, Span


@dataclass(frozen=True, slots=True)
class Line:
    """One check as a page shows it."""

    check: Check
    name: str
    required: str
    actual: str
    consequence: str

    @property
    def tone(self) -> str:
        if not self.check.met:
            return "danger"
        return "warning" if self.check.is_notice else "success"

    @property
    def state(self) -> str:
        if not self.check.met:
            return _("not met")
        return _("coming up") if self.check.is_notice else _("met")


def _names() -> dict[Rule, str]:
    return {
        Rule.SERVING: _("Regular members hold an office"),
        Rule.CO_CHAIRS: _("Co-chairs"),
        Rule.AUDITORS: _("Auditors"),
        Rule.TERM_LENGTH: _("Length of terms"),
        Rule.TERMS_OVER: _("Terms that are over"),
        Rule.TERMS_ENDING: _("Terms that end soon"),
        Rule.COMMITTEE: _("Steering committee with the co-chairs ex officio"),
        Rule.COMMITTEE_CHAIR: _("Chair of the committee, one of the co-chairs"),
        Rule.GENERAL_ASSEMBLY: _("Yearly general assembly"),
        Rule.BY_RESOLUTION: _("Advisers and partners appointed on a resolution"),
        Rule.CALLERS: _("Who calls the meeting"),
    }


def persons(number: int) -> str:
    return ngettext("%(count)s person", "%(count)s persons", number) % {"count": number}


def _required(check: Check) -> str:
    if isinstance(check.required, Span):
        return _("%(least)s to %(most)s persons") % {"least": check.required.least, "most": check.required.most}
    match check.rule:
        case Rule.TERM_LENGTH:
            return _("%(years)s years at most") % {"years": check.required}
        case Rule.GENERAL_ASSEMBLY:
            return _("one a year")
        case Rule.SERVING | Rule.TERMS_OVER | Rule.BY_RESOLUTION:
            return _("no exception")
        case Rule.TERMS_ENDING:
            return _("successors in time")
        case _:
            return persons(check.required)


def _actual(check: Check) -> str:
    count = {"count": persons(check.actual)}
    texts = {
        Rule.TERM_LENGTH: (_("none is longer"), _("longer: %(count)s") % count),
        Rule.GENERAL_ASSEMBLY: (_("held"), _("not held")),
        Rule.SERVING: (_("all of them"), _("without an office: %(count)s") % count),
        Rule.TERMS_OVER: (_("none"), _("over: %(count)s") % {"count": persons(len(check.who))}),
        Rule.BY_RESOLUTION: (_("all of them"), _("without a resolution: %(number)s") % {"number": check.actual}),
    }
    if check.rule in texts:
        when_met, when_not = texts[check.rule]
        return when_met if check.met else when_not
    if check.rule is Rule.TERMS_ENDING:
        return persons(len(check.who)) if check.actual else _("none")
    return persons(check.actual)


def _consequence(check: Check) -> str:
    if check.met and not check.is_notice:
        return ""
    if check.rule in {Rule.CO_CHAIRS, Rule.AUDITORS, Rule.COMMITTEE} and check.vacant:
        return ngettext("%(count)s seat is vacant.", "%(count)s seats are vacant.", check.vacant) % {
            "count": check.vacant
        }
    sentences = {
        Rule.CO_CHAIRS: _("There are more than the bylaws allow."),
        Rule.AUDITORS: _("There are more than the bylaws allow."),
        Rule.COMMITTEE: _("There are more than the bylaws allow."),
        Rule.TERMS_OVER: _("They stay in office until a general assembly elects their successors."),
        Rule.TERMS_ENDING: _("The next general assembly elects their successors."),
        Rule.SERVING: _("Their term of office is over: they can stay as honorary members or leave."),
        Rule.COMMITTEE_CHAIR: _("The co-chairs choose one of themselves."),
        Rule.GENERAL_ASSEMBLY: _("The general assembly that was due has not been recorded."),
        Rule.BY_RESOLUTION: _("Please record the resolution of the committee."),
        Rule.TERM_LENGTH: _("Please shorten the term."),
    }
    return sentences.get(check.rule, "")


def in_words(check: Check) -> Line:
    """The check as a line of the page."""
    return Line(check, _names()[check.rule], _required(check), _actual(check), _consequence(check))
