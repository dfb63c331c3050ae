"""Who may do what with councils. Everybody sees roster and public draws on the site; this is about the desk.

The dong's office runs a recruitment beside the district's (the ordinance of 2019 gives it to the dong's own committee);
appointing is the district's. A council's officer keeps what the council does. Nobody decides on their own application,
nor on anything else of a recruitment in which they applied.
"""

from collections.abc import Callable
from typing import Any

import rules

from councils.models import Application, Council, Member
from councils.queries.applied import recruitments_applied_in
from residents.models import User
from residents.permissions import OFFICIALS, Person, role_paths, within
from residents.states import Role

VIEWERS = (Role.OPERATOR, Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER, Role.AUDITOR)
CHECKERS = (*OFFICIALS, Role.AUDITOR)
KEEPERS_OF_WORK = (*OFFICIALS, Role.COUNCIL_OFFICER)


def _path(council: Council) -> str:
    return council.dong.path


def _of(*steps: str) -> Callable[[Any], str]:
    """The path of the region that is reached from an object over these attributes; "" is the object itself."""

    def path_of(thing: Any) -> str:
        for step in steps:
            thing = getattr(thing, step)
        return str(thing.path)

    return path_of


@rules.predicate
def is_about_another(user: Person, application: Application | None) -> bool:
    """Nobody decides on their own application."""
    return application is None or application.user_id is None or application.user_id != user.pk


def _candidacies(user: Person) -> frozenset[int]:
    """In which recruitments an account applied: one query, once for each loaded account, as with its roles."""
    if not isinstance(user, User):
        return frozenset()
    known = vars(user)
    if "applied_in" not in known:
        known["applied_in"] = recruitments_applied_in(user)
    found: frozenset[int] = known["applied_in"]
    return found


def _is_no_candidate(recruitment_of: Callable[[Any], int | None]) -> rules.Predicate:
    """Predicate: the account did not apply in the recruitment that the object is or belongs to."""

    def stands_outside(user: Person, thing: Any) -> bool:
        return thing is None or recruitment_of(thing) not in _candidacies(user)

    return rules.predicate(stands_outside, name="is_no_candidate")


def _drawn_in(member: Member) -> int | None:
    """The recruitment that a member was drawn in; None if somebody wrote them down."""
    return member.application.recruitment_id if member.application else None


sees_councils = within(_path, *VIEWERS)
keeps_councils = within(_path, Role.DISTRICT_OFFICIAL)
keeps_figures = within(_path, *OFFICIALS)

rules.add_perm("councils.view_council", sees_councils)
rules.add_perm("councils.add_council", keeps_councils)
rules.add_perm("councils.change_council", keeps_figures)
rules.add_perm("councils.start_conversion_council", keeps_councils)
rules.add_perm("councils.finish_conversion_council", keeps_councils)
rules.add_perm("councils.dissolve_council", keeps_councils)

# --- recruitment and applications ---

_recruitment = _of("council", "dong")
_application = _of("recruitment", "council", "dong")
sees_recruitments = within(_recruitment, *VIEWERS)
runs_recruitments = within(_recruitment, *OFFICIALS)
appoints = within(_recruitment, Role.DISTRICT_OFFICIAL)
sees_applications = within(_application, *CHECKERS)
handles_applications = within(_application, *OFFICIALS)
is_no_candidate = _is_no_candidate(lambda recruitment: recruitment.pk)
is_no_rival = _is_no_candidate(lambda application: application.recruitment_id)
handles_parts = within(_application, *OFFICIALS)  # of things that hang on a recruitment: decisions, draws
_figure = _of("region")

rules.add_perm("councils.view_recruitment", sees_recruitments)
rules.add_perm("councils.add_recruitment", runs_recruitments)
rules.add_perm("councils.change_recruitment", runs_recruitments)
rules.add_perm("councils.run_recruitment", runs_recruitments & is_no_candidate)  # announce, decide, settle, call off
rules.add_perm("councils.take_in_recruitment", runs_recruitments)  # at the counter, for people without an account
rules.add_perm("councils.view_application", sees_applications)
rules.add_perm("councils.change_application", handles_applications & is_about_another & is_no_rival)
rules.add_perm("councils.view_educationfigure", within(_figure, *VIEWERS))
rules.add_perm("councils.add_educationfigure", within(_figure, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.change_educationfigure", within(_figure, Role.DISTRICT_OFFICIAL))

rules.add_perm("councils.plan_courses", runs_recruitments)

# --- draws ---

rules.add_perm("councils.start_draw_recruitment", runs_recruitments)
rules.add_perm("councils.view_draw", within(_application, *VIEWERS))
rules.add_perm("councils.run_draw", handles_parts)
rules.add_perm("councils.open_draw", sees_applications)  # what is sealed in a freeze: attributes of each number
rules.add_perm("councils.view_customarydraw", within(_application, *VIEWERS))
rules.add_perm("councils.run_customarydraw", handles_parts)

# --- members, subcommittees, meetings ---

_term = _of("council", "dong")
_member = _of("term", "council", "dong")
_subcommittee = _of("council", "dong")
_seat = _of("subcommittee", "council", "dong")

WATCHERS = (*KEEPERS_OF_WORK, Role.AUDITOR)  # rosters hold days of birth, which the operator has no need of

rules.add_perm("councils.appoint_recruitment", appoints & is_no_candidate)
rules.add_perm(
    "councils.release_application", within(_application, Role.DISTRICT_OFFICIAL) & is_about_another & is_no_rival
)
rules.add_perm("councils.view_councilterm", within(_term, *WATCHERS))
rules.add_perm("councils.add_councilterm", within(_term, *OFFICIALS))
rules.add_perm("councils.change_councilterm", within(_term, *OFFICIALS))
rules.add_perm("councils.view_member", within(_member, *WATCHERS))
rules.add_perm("councils.add_member", within(_member, *OFFICIALS))
rules.add_perm("councils.change_member", within(_member, *OFFICIALS))
rules.add_perm("councils.change_office_member", within(_member, *KEEPERS_OF_WORK))
rules.add_perm("councils.resign_member", within(_member, *OFFICIALS))
rules.add_perm("councils.dismiss_member", within(_member, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.replace_member", within(_member, Role.DISTRICT_OFFICIAL) & _is_no_candidate(_drawn_in))
rules.add_perm("councils.certify_member", within(_member, *OFFICIALS))
rules.add_perm("councils.view_subcommittee", within(_subcommittee, *VIEWERS))
rules.add_perm("councils.add_subcommittee", within(_subcommittee, *KEEPERS_OF_WORK))
rules.add_perm("councils.change_subcommittee", within(_subcommittee, *KEEPERS_OF_WORK))
rules.add_perm("councils.view_subcommitteeseat", within(_seat, *WATCHERS))
rules.add_perm("councils.add_subcommitteeseat", within(_seat, *KEEPERS_OF_WORK))
rules.add_perm("councils.change_subcommitteeseat", within(_seat, *KEEPERS_OF_WORK))
rules.add_perm("councils.view_councilmeeting", within(_subcommittee, *VIEWERS))
rules.add_perm("councils.add_councilmeeting", within(_subcommittee, *KEEPERS_OF_WORK))
rules.add_perm("councils.change_councilmeeting", within(_subcommittee, *KEEPERS_OF_WORK))

# --- work, agreements, programmes, fund ---

_enrolment = _of("programme", "council", "dong")

rules.add_perm("councils.view_workitem", within(_term, *VIEWERS))
rules.add_perm("councils.add_workitem", within(_term, *KEEPERS_OF_WORK))
rules.add_perm("councils.change_workitem", within(_term, *KEEPERS_OF_WORK))
rules.add_perm("councils.view_agreement", within(_term, *VIEWERS))
rules.add_perm("councils.add_agreement", within(_term, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.change_agreement", within(_term, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.view_programme", within(_term, *VIEWERS))
rules.add_perm("councils.add_programme", within(_term, *KEEPERS_OF_WORK))
rules.add_perm("councils.change_programme", within(_term, *KEEPERS_OF_WORK))
rules.add_perm("councils.view_enrolment", within(_enrolment, *KEEPERS_OF_WORK))
rules.add_perm("councils.change_enrolment", within(_enrolment, *KEEPERS_OF_WORK))
rules.add_perm("councils.view_fund", within(_path, *WATCHERS))
rules.add_perm("councils.keep_fund", within(_path, *KEEPERS_OF_WORK))
rules.add_perm("councils.settle_fund", within(_path, *KEEPERS_OF_WORK))
rules.add_perm("councils.view_fundsettlement", within(_term, *VIEWERS))

# --- calls, plans, support staff ---

_call = _of("region")
_bid = _of("call", "region")


def _is_around(path_of: Callable[[Any], str]) -> rules.Predicate:
    """Those of a dong also read what its municipality and province have: calls, bids, plans."""

    def reads_above(user: Person, thing: Any) -> bool:
        return thing is not None and any(reach.startswith(path_of(thing)) for reach in role_paths(user, *VIEWERS))

    return rules.predicate(reads_above, name="is_around")


rules.add_perm("councils.view_conversioncall", within(_call, *VIEWERS) | _is_around(_call))
rules.add_perm("councils.add_conversioncall", within(_call, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.change_conversioncall", within(_call, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.view_conversionbid", within(_bid, *VIEWERS) | _is_around(_bid))
rules.add_perm("councils.change_conversionbid", within(_bid, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.view_rolloutplan", within(_call, *VIEWERS) | _is_around(_call))
rules.add_perm("councils.add_rolloutplan", within(_call, Role.DISTRICT_OFFICIAL, Role.OPERATOR))
rules.add_perm("councils.change_rolloutplan", within(_call, Role.DISTRICT_OFFICIAL, Role.OPERATOR))
rules.add_perm("councils.view_supportstaff", within(_call, Role.DISTRICT_OFFICIAL, Role.AUDITOR))
rules.add_perm("councils.add_supportstaff", within(_call, Role.DISTRICT_OFFICIAL))
rules.add_perm("councils.change_supportstaff", within(_call, Role.DISTRICT_OFFICIAL))
