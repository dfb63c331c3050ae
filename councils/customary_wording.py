"""What a customary draw asks for, passes over and refuses, in sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from councils.customary import Asked, Fault, Method, Passed, Prompt, StepError, Way

# The names that people read: {(feature, value): name of the value} and {(feature, ""): name of the feature}.
Labels = Mapping[tuple[str, str], str]


def lot_in_words(way: Way, group: tuple[str, ...], labels: Labels) -> str:
    """Whose balls are in the urn; "" where everybody's are."""
    if not group:
        return ""
    if way.method is Method.RECOMMENDATION_SHARES and group == ("",):
        return _("everybody else")
    return ", ".join(labels.get((feature, value), value) for feature, value in zip(way.features, group, strict=True))


def prompt_in_words(way: Way, prompt: Prompt, labels: Labels) -> str:
    """One request: what is to be recorded next."""
    facts = {"left": prompt.left, "lot": lot_in_words(way, prompt.group, labels)}
    if prompt.asked is Asked.SCORE:
        return (
            ngettext(
                "Please enter the score of an interview. %(left)s person has none yet.",
                "Please enter the score of an interview. %(left)s persons have none yet.",
                prompt.left,
            )
            % facts
        )
    if way.method is Method.LOTTERY_INTERVIEW:
        sentence = ngettext(
            "Please have a ball drawn. %(left)s more person is invited to an interview.",
            "Please have a ball drawn. %(left)s more persons are invited to an interview.",
            prompt.left,
        )
    elif prompt.asked is Asked.ALTERNATE:
        sentence = ngettext(
            "Please have a ball drawn for the alternates. %(left)s more can be named.",
            "Please have a ball drawn for the alternates. %(left)s more can be named.",
            prompt.left,
        )
    else:
        sentence = ngettext(
            "Please have a ball drawn. %(left)s seat is open.",
            "Please have a ball drawn. %(left)s seats are open.",
            prompt.left,
        )
    if not prompt.group:
        return sentence % facts
    return _("Balls in the urn: %(lot)s. %(request)s") % {**facts, "request": sentence % facts}


def passed_in_words(way: Way, passed: Passed, labels: Labels) -> str:
    """One sentence: why a ball gave no seat."""
    return _("Number %(number)s is passed over: %(group)s already at %(most)s of %(seats)s seats.") % {
        "number": passed.number,
        "group": labels.get((way.features[0], passed.value), passed.value),
        "most": way.most,
        "seats": way.seats,
    }


def fault_in_words(error: StepError, way: Way) -> str:
    """One sentence: why a ball or a score is not taken, and what to do."""
    sentences = {
        Fault.UNKNOWN_BALL: _("Nobody in the pool has the number %(number)s. Please look at the ball again."),
        Fault.ALREADY_DRAWN: _("Number %(number)s was drawn already. Please look at the ball again."),
        Fault.OTHER_LOT: _("Number %(number)s does not belong into this urn. Please look at the ball again."),
        Fault.BALL_EXPECTED: _("A ball is to be drawn now, and no score to be entered."),
        Fault.SCORE_EXPECTED: _("Please enter a score for number %(number)s."),
        Fault.NOT_INVITED: _("Number %(number)s was not invited to an interview."),
        Fault.ALREADY_SCORED: _("Number %(number)s has a score already."),
        Fault.SCORE_OUT_OF_RANGE: _("A score is a whole number from 0 to %(highest)s."),
        Fault.FINISHED: _("The draw is complete. Nothing more can be entered."),
    }
    return sentences[error.fault] % {"number": error.number, "highest": way.highest_score}
