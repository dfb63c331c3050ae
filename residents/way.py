"""The way of a resident to the vote, and what it needs at the desk."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from django.utils.translation import gettext as _

from residents.models import GuardianConsent, ResidentProfile
from residents.persons import is_child
from residents.states import Basis


class Stage(IntEnum):
    """What somebody has to do next until they can vote."""

    ACCOUNT = 1
    PLACE = 2
    CHECK = 3
    VOTE = 4


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the line: its name, and whether it is "done", "now" or "next"."""

    name: str
    state: str
    note: str = ""


def steps_to_vote(now: Stage) -> list[Step]:
    """The four steps, with those before `now` done."""
    names = {
        Stage.ACCOUNT: _("Make an account"),
        Stage.PLACE: _("Say where you belong"),
        Stage.CHECK: _("Show your ID at the community centre"),
        Stage.VOTE: _("Vote"),
    }
    notes = {
        Stage.ACCOUNT: _("about 3 minutes"),
        Stage.PLACE: _("about 2 minutes"),
        Stage.CHECK: _("once, in person"),
        Stage.VOTE: _("on your phone or computer"),
    }
    return [
        Step(name, "done") if stage < now else Step(name, "now" if stage == now else "next", notes[stage])
        for stage, name in names.items()
    ]


def papers_for(basis: str) -> list[str]:
    """What somebody brings to the desk: one document that shows who they are, and for some one that shows the bond.

    Which kinds an official accepts is theirs to say; these are the usual ones of each basis.
    """
    who = _("an ID with a photo: resident card, driving licence or passport")
    brought = {
        Basis.REGISTERED: [who],
        Basis.WORKING: [who, _("a paper that says that you work here: proof of employment or business registration")],
        Basis.STUDYING: [
            _("an ID with a photo; pupils may bring their student card"),
            _("a paper that says that you study here: proof of enrolment"),
        ],
        Basis.ORGANISATION: [who, _("a paper that says that you are a member of an organisation here")],
        Basis.REGISTERED_FOREIGNER: [_("your residence card for foreigners")],
        Basis.PERMANENT_RESIDENT: [_("your permanent resident card")],
        Basis.OVERSEAS_KOREAN: [_("your card of domestic residence for overseas Koreans")],
    }
    return brought[Basis(basis)]


def misses_guardian(profile: ResidentProfile, day: date) -> bool:
    """Whether this is a child on `day` whose guardian's consent has not been recorded yet."""
    return is_child(profile.birth_date, day) and not GuardianConsent.objects.filter(user_id=profile.user_id).exists()
