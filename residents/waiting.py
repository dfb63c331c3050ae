"""What waits for officials about people and roles."""

from datetime import date, timedelta

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from residents.desk.scoped import in_regions
from residents.desk.waiting import Urgency, Waiting
from residents.models import Residence, ResidentProfile, RoleAssignment, User
from residents.permissions import EVERYWHERE, OFFICIALS, ROLES_GRANTED_BY_DISTRICT, role_paths
from residents.persons import CHILD_BELOW
from residents.queries import suspected_among
from residents.states import ResidenceStatus, Role

# What the lists are narrowed down by where an entry of the first page counts only some of their rows.
SETTLE, CHILDREN, DUPLICATES = "settle", "children", "duplicates"
CARE, ENDING, NO_SECOND_FACTOR = "care", "ending", "no-second-factor"
LONG_WAIT = 7  # days after which a declaration is urgent: whoever waits cannot vote
ENDING_WITHIN = 30  # days
MOST_COMPARED = 200  # declarations whose persons are compared with everybody else on each opening of the first page


def residences_to_check(user: User) -> list[Waiting]:
    """Declarations that wait for a check in the regions of this official, and what has to be settled before."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    waiting = Residence.objects.filter(in_regions(paths, "dong__path"), status=ResidenceStatus.DECLARED)
    waiting = waiting.exclude(user=user)
    return [_declarations(waiting), _children(waiting), _likely_duplicates(waiting)]


def _page_or_list(name: str, count: int, only: int | None, query: str = "") -> str:
    """The page of the one thing, or the list of them."""
    if count == 1 and only is not None:
        return reverse(f"admin:{name}_change", args=[only])
    return reverse(f"admin:{name}_changelist") + query


def _declarations(waiting: QuerySet[Residence]) -> Waiting:
    found = waiting.aggregate(count=Count("pk"), oldest=Min("declared_at"), only=Max("pk"))
    days = (timezone.now() - found["oldest"]).days if found["oldest"] else 0
    why = ngettext(
        "Without a check nobody can vote. Who waits longest has waited for %(days)s day.",
        "Without a check nobody can vote. Who waits longest has waited for %(days)s days.",
        days,
    ) % {"days": days}
    return Waiting(
        _("Residents who wait for a check"),
        found["count"],
        _page_or_list("residents_residence", found["count"], found["only"]),
        why=why if days else _("Without a check nobody can vote."),
        urgency=Urgency.NOW if days >= LONG_WAIT else Urgency.THIS_WEEK,
        of_people=True,
    )


def children_without_consent(residences: QuerySet[Residence]) -> QuerySet[Residence]:
    """Those of `residences` whose person is under 14 and has no guardian's consent."""
    return residences.filter(
        user__profile__birth_date__gt=_born_after(timezone.localdate()), user__guardian_consent__isnull=True
    )


def likely_duplicates(residences: QuerySet[Residence]) -> dict[int, int]:
    """Declarations by user of those who look like somebody else, among the `MOST_COMPARED` that wait longest.

    Two queries, and one for the comparison.
    """
    rows = dict(residences.order_by("declared_at", "pk").values_list("user_id", "pk")[:MOST_COMPARED])
    profiles = list(ResidentProfile.objects.filter(user__in=rows).select_related("user"))
    suspected = suspected_among(profiles)
    return {user: pk for user, pk in rows.items() if user in suspected}


def _born_after(day: date) -> date:
    """The birthday on which somebody comes of the age on `day` from which no guardian has to consent."""
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - CHILD_BELOW, day=28) if is_leap_day else day.replace(year=day.year - CHILD_BELOW)


def _children(waiting: QuerySet[Residence]) -> Waiting:
    found = children_without_consent(waiting).aggregate(count=Count("pk"), only=Max("pk"))
    return Waiting(
        _("Children without a guardian’s consent"),
        found["count"],
        _page_or_list("residents_residence", found["count"], found["only"], f"?{SETTLE}={CHILDREN}"),
        why=_("They are under 14. Record the consent first; then their residence can be verified."),
        urgency=Urgency.THIS_WEEK,
        of_people=True,
    )


def _likely_duplicates(waiting: QuerySet[Residence]) -> Waiting:
    suspected = likely_duplicates(waiting)
    only = min(suspected.values(), default=None)
    return Waiting(
        _("People who may have declared twice"),
        len(suspected),
        _page_or_list("residents_residence", len(suspected), only, f"?{SETTLE}={DUPLICATES}"),
        why=_("Compare with the person who looks the same before you verify: nobody may vote twice."),
        urgency=Urgency.THIS_WEEK,
        of_people=True,
    )


def roles_to_look_after(user: User) -> list[Waiting]:
    """Roles that end soon, and officials without a second step, among those that this account grants."""
    paths = role_paths(user, Role.OPERATOR, Role.DISTRICT_OFFICIAL)
    if not paths:
        return []
    roles = RoleAssignment.objects.valid_on(timezone.localdate())
    if EVERYWHERE not in paths:
        roles = roles.filter(in_regions(paths, "region__path"), role__in=ROLES_GRANTED_BY_DISTRICT)
    return [_ending_roles(roles), *_without_second_factor(roles)]


def ending_soon(roles: QuerySet[RoleAssignment]) -> QuerySet[RoleAssignment]:
    """Those of `roles`, valid today, that end within 30 days."""
    return roles.filter(until__lte=timezone.localdate() + timedelta(days=ENDING_WITHIN))


def without_second_factor(roles: QuerySet[RoleAssignment]) -> QuerySet[RoleAssignment]:
    """Those of `roles` whose account is in use and has no second factor yet."""
    factors = Authenticator.objects.filter(user=OuterRef("user"))
    return roles.filter(~Exists(factors), user__is_active=True)


def _ending_roles(roles: QuerySet[RoleAssignment]) -> Waiting:
    found = ending_soon(roles).aggregate(count=Count("pk"), only=Max("pk"))
    return Waiting(
        _("Roles that end within 30 days"),
        found["count"],
        _page_or_list("residents_roleassignment", found["count"], found["only"], f"?{CARE}={ENDING}"),
        why=_("On the last day the desk closes to these accounts. Give the role anew where the work goes on."),
    )


def _without_second_factor(roles: QuerySet[RoleAssignment]) -> list[Waiting]:
    """Nothing where one factor is enough, as in the demo."""
    if not settings.OFFICIALS_NEED_SECOND_FACTOR:
        return []
    found = without_second_factor(roles).aggregate(count=Count("user", distinct=True), only=Max("pk"))
    return [
        Waiting(
            _("Officials without two-step sign-in"),
            found["count"],
            _page_or_list("residents_roleassignment", found["count"], found["only"], f"?{CARE}={NO_SECOND_FACTOR}"),
            why=_("They cannot enter the desk. Ask them to set it up when they sign in."),
            of_people=True,
        )
    ]
