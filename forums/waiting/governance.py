"""What waits at the secretariat's desk about the bylaws, dues and the calendar before elections."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forums.models import ClubMeeting, Member
from forums.permissions import keeps_the_club
from forums.queries.dues import standings
from forums.queries.governance import state_of_the_bylaws
from forums.services.meetings import list_changes
from forums.states import MemberStatus
from meetings.states import BEFORE_OPENING
from residents.desk.waiting import Urgency, Waiting
from residents.models import User
from residents.services.elections import election_warning


def governance_at_the_desk(user: User) -> list[Waiting]:
    """Rules that are not met, dues that are open, and what a local election restricts."""
    if not keeps_the_club(user):
        return []
    day = timezone.localdate()
    _version, checks = state_of_the_bylaws(day)
    state = reverse("forums:bylaws-state")
    owing = [one for one in standings(Member.objects.filter(status=MemberStatus.ACTIVE)) if one.standing.open]
    return [
        Waiting(
            _("Rules of the bylaws that are not met"),
            sum(not check.met for check in checks),
            state,
            why=_("The page says what is asked, what is, and which article asks it."),
            urgency=Urgency.TO_LOOK_AT,
        ),
        Waiting(
            _("Officers whose term ends soon"),
            sum(len(check.who) for check in checks if check.is_notice),
            state,
            why=_("The next general assembly elects their successors."),
            urgency=Urgency.TO_LOOK_AT,
            of_people=True,
        ),
        Waiting(
            _("Members with open dues or shares"),
            len(owing),
            reverse("forums:dues") + "?show=open",
            why=_("You can remind all of them at once, once a month."),
            urgency=Urgency.TO_LOOK_AT,
            of_people=True,
        ),
        *_old_lists(),
        *_before_an_election(),
    ]


def _old_lists() -> list[Waiting]:
    """Meetings to come whose body changed since they were planned: their quorum would be reckoned wrongly."""
    coming = ClubMeeting.objects.filter(meeting__status__in=BEFORE_OPENING, meeting__starts_at__gt=timezone.now())
    old = [one for one in coming.select_related("meeting").order_by("meeting__starts_at") if list_changes(one)]
    if not old:
        return []
    return [
        Waiting(
            _("Meetings whose list is no longer that of the members"),
            len(old),
            reverse("admin:forums_clubmeeting_change", args=[old[0].pk])
            if len(old) == 1
            else reverse("admin:forums_clubmeeting_changelist"),
            why=_("Somebody joined or left since. Please bring the list up to date before the meeting opens."),
            urgency=Urgency.THIS_WEEK,
        )
    ]


def _before_an_election() -> list[Waiting]:
    warning = election_warning(timezone.localdate())
    if not warning:
        return []
    return [
        Waiting(
            _("Local election"),
            1,
            reverse("admin:residents_localelection_changelist"),
            why=warning,
            urgency=Urgency.THIS_WEEK,
            is_state=True,
        )
    ]
