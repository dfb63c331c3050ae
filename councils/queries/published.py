"""Terms and members as everybody may read them: names as the rules say, never a day of birth or a mail address."""

from dataclasses import dataclass
from datetime import date

from councils.models import Council, CouncilTerm, Member
from councils.queries.members import are_names_public, counts_of_term, members_of, rules_of_term, shown_name, term_on
from councils.states import MemberOffice, MemberStatus
from ordinances.models import RuleSet


@dataclass(frozen=True, slots=True)
class Line:
    """One member as the page shows them. `note`: whose seat they took, or how they left."""

    name: str
    office: str
    is_plain_member: bool
    appointed_on: date
    left_on: date | None
    left_how: str
    replaced: str


@dataclass(frozen=True, slots=True)
class Roster:
    """A term on its page. `is_public`: names stand in full; `rule_set` says so, or is silent."""

    term: CouncilTerm
    is_running: bool
    is_public: bool
    rule_set: RuleSet | None
    source: str
    serving: tuple[Line, ...]
    advisers: tuple[Line, ...]
    former: tuple[Line, ...]

    @property
    def open_seats(self) -> int:
        return max(0, self.term.seats - len(self.serving)) if self.is_running else 0


def terms_of(council: Council) -> list[CouncilTerm]:
    """The terms in the register, the newest first; one query."""
    return list(council.terms.select_related("recruitment__rule_set").order_by("-number"))


def roster_of(term: CouncilTerm, day: date) -> Roster:
    """The term with its members; up to four queries, however many they are."""
    rule_set = rules_of_term(term)
    is_public = are_names_public(rule_set)
    rule = rule_set.for_councils().names_published if rule_set else None
    lines = [(member, _line(member, is_public=is_public)) for member in members_of(term)]
    is_running = term.starts_on <= day <= term.ends_on
    # Of a term that is over everybody who stayed to its end served in it.
    here = {MemberStatus.SERVING} if is_running else {MemberStatus.SERVING, MemberStatus.ENDED}

    def stayed(member: Member) -> bool:
        return member.status in here and (member.left_on is None or member.left_on >= term.ends_on)

    return Roster(
        term=term,
        is_running=is_running,
        is_public=is_public,
        rule_set=rule_set,
        source=rule.source if rule else "",
        serving=tuple(line for member, line in lines if stayed(member) and member.office != MemberOffice.ADVISER),
        advisers=tuple(line for member, line in lines if stayed(member) and member.office == MemberOffice.ADVISER),
        former=tuple(line for member, line in lines if not stayed(member)),
    )


def _line(member: Member, *, is_public: bool) -> Line:
    replaced = shown_name(member.replaces.name, is_public=is_public) if member.replaces else ""
    return Line(
        name=shown_name(member.name, is_public=is_public),
        office=member.get_office_display(),
        is_plain_member=member.office == MemberOffice.MEMBER,
        appointed_on=member.appointed_on,
        left_on=member.left_on,
        left_how="" if member.status == MemberStatus.SERVING else member.get_status_display(),
        replaced=replaced,
    )


@dataclass(frozen=True, slots=True)
class AtWork:
    """The running term in short, for the council's page."""

    term: CouncilTerm
    members: int
    chair: str


def council_at_work(council: Council, day: date) -> AtWork | None:
    """The term that runs, how many serve, and who chairs; None where the register knows none. Up to four queries."""
    term = term_on(council, day)
    if term is None:
        return None
    chair = term.members.filter(office=MemberOffice.CHAIR, status=MemberStatus.SERVING).first()
    name = shown_name(chair.name, is_public=are_names_public(rules_of_term(term))) if chair else ""
    return AtWork(term, counts_of_term(term).members, name)
