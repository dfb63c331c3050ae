"""Keeping the register: who joins, whose term changes, who leaves and comes back, which accounts act for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from core.notices.services import Recipient, send_notice
from forums import membership
from forums.models import Member, MemberAccount, MemberMail, MemberTerm
from forums.queries.members import area_of_region, services_of, title_of_term
from forums.states import MemberKind, MemberStatus
from residents.models import OfficeTerm, User
from residents.persons import ImplausibleError, cleaned_name

MOST_MAILS = 5
INVITED = "forums.account_invited"


@dataclass(frozen=True, slots=True)
class Particulars:
    """What the register says of a member besides the terms of office. `area` is short: "전남"."""

    name: str
    name_hanja: str = ""
    former_office: str = ""
    area: str = ""
    mails: tuple[str, ...] = ()


def _tidied(particulars: Particulars) -> Particulars:
    """Names in composed letters with single blanks, as lists are ordered by and searched for."""
    try:
        name = cleaned_name(particulars.name)
        hanja = cleaned_name(particulars.name_hanja) if particulars.name_hanja.strip() else ""
    except ImplausibleError:
        raise RuleViolation(
            _("Please write names with letters; something in them cannot be printed."), code="odd_name"
        ) from None
    return replace(particulars, name=name, name_hanja=hanja)


def locked_member(member_id: int) -> Member:
    """Raises RuleViolation (404) if there is no such member."""
    member = Member.objects.select_for_update(of=("self",)).filter(pk=member_id).first()
    if member is None:
        raise RuleViolation(_("There is no such member."), code="unknown_member", status=404)
    return member


@transaction.atomic
def add_member(  # noqa: PLR0913 - a membership has this many facts
    *,
    particulars: Particulars,
    kind: str,
    term: OfficeTerm | None,
    joined_on: date | None,
    actor: User | None,
    at: datetime,
    came_by: str = "desk",
) -> Member:
    """Take somebody into the register who is not in it yet.

    joined_on None: nobody knows the day. came_by: "desk", "application" or "import", for the audit log.
    Raises RuleViolation if a regular member has no term of office, the term is another member's already, the day lies
    ahead, or a name is none.
    """
    particulars = _tidied(particulars)
    if joined_on is not None and joined_on > timezone.localdate(at):
        raise RuleViolation(_("The day of joining cannot lie ahead."), code="joined_ahead")
    if term is not None:
        OfficeTerm.objects.select_for_update().get(pk=term.pk)
    _refuse_wrong_kind(kind, [term] if term else [], _day_to_judge(term, joined_on, at), is_new=True)
    member = Member.objects.create(
        name=particulars.name,
        name_hanja=particulars.name_hanja,
        kind=kind,
        joined_on=joined_on,
        former_office=particulars.former_office,
        area=particulars.area or (area_of_region(term.region) if term else ""),
    )
    if term is not None:
        _link(member, term)
    _write_mails(member, particulars.mails)
    record(actor=actor, action="forums.member_added", target=member, details={"type": kind, "from": came_by}, at=at)
    return member


@transaction.atomic
def change_particulars(*, member_id: int, particulars: Particulars, actor: User, at: datetime) -> Member:
    """Put name, hanja, former office, area or mail addresses right. Raises RuleViolation for a name that is none."""
    particulars = _tidied(particulars)
    member = locked_member(member_id)
    wanted = {
        "name": particulars.name,
        "name_hanja": particulars.name_hanja,
        "former_office": particulars.former_office,
        "area": particulars.area,
    }
    changed = [name for name, value in wanted.items() if getattr(member, name) != value]
    for name in changed:
        setattr(member, name, wanted[name])
    member.save(update_fields=changed)
    if _write_mails(member, particulars.mails):
        changed.append("mails")
    if changed:
        record(actor=actor, action="forums.member_changed", target=member, details={"changed": changed}, at=at)
    return member


@transaction.atomic
def begin_term(*, member_id: int, term_id: int, actor: User | None, at: datetime) -> Member:
    """Link a further term of office: somebody was elected again, or a former head holds an office once more.

    Whoever serves on the day of `at` is a regular member from then on. Raises RuleViolation if the member has left, the
    term is another member's, or it is over.
    """
    member = locked_member(member_id)
    _refuse_unless_active(member)
    term = OfficeTerm.objects.select_for_update(of=("self",)).select_related("region__parent").get(pk=term_id)
    day = timezone.localdate(at)
    if term.until <= day:
        raise RuleViolation(_("This term of office is over. Please choose the one that runs now or begins soon."))
    serves = membership.qualifies(membership.Kind.REGULAR, services_of([term]), day)
    # Linked before it began, a term makes a regular member of a former head only once it runs.
    is_due = serves and member.kind == MemberKind.HONORARY and member.terms.filter(term=term).exists()
    if not is_due:
        _link(member, term)
    if serves:
        member.kind = MemberKind.REGULAR
        member.former_office = ""
        member.area = area_of_region(term.region)
    member.save(update_fields=["kind", "former_office", "area"])
    record(actor=actor, action="forums.term_begun", target=member, details={"type": member.kind}, at=at)
    return member


@transaction.atomic
def make_honorary(*, member_id: int, former_office: str, actor: User, at: datetime) -> Member:
    """Keep a former head as an honorary member, which is their own wish (bylaws, article 2).

    former_office: "" takes the last term's. Raises RuleViolation if they still serve or have left.
    """
    member = locked_member(member_id)
    _refuse_unless_active(member)
    if member.kind == MemberKind.HONORARY:
        raise RuleViolation(_("They are an honorary member already."), code="already_honorary")
    terms = _terms_of(member)
    day = timezone.localdate(at)
    if membership.qualifies(membership.Kind.REGULAR, services_of(terms), day):
        raise RuleViolation(
            _("Their term of office still runs. A serving head is a regular member (bylaws, article 2)."),
            code="still_serves",
        )
    with translation.override("ko"):
        member.former_office = former_office.strip() or (title_of_term(terms[0]) if terms else "")
    member.kind = MemberKind.HONORARY
    member.save(update_fields=["kind", "former_office"])
    record(actor=actor, action="forums.member_made_honorary", target=member, at=at)
    return member


@transaction.atomic
def leave_club(*, member_id: int, left_on: date, reason: str, actor: User, at: datetime) -> Member:
    """End a membership. The accounts that acted for the member do so no more, posts end; the history stays.

    Raises RuleViolation for a day before the joining or after today, or if they have left already.
    """
    member = locked_member(member_id)
    if left_on > timezone.localdate(at):
        raise RuleViolation(_("The day of leaving cannot lie ahead."), code="left_ahead")
    if member.joined_on is not None and left_on < member.joined_on:
        raise RuleViolation(_("The day of leaving lies before the day of joining."), code="left_before_joining")
    member.move_to(MemberStatus.LEFT)
    member.left_on = left_on
    member.leaving_reason = reason.strip()
    member.save(update_fields=["status", "left_on", "leaving_reason"])
    today = timezone.localdate(at)
    for account in member.accounts.filter(until__isnull=True):
        account.until = max(today, account.since)
        account.save(update_fields=["until"])
    _end_posts(member, left_on, actor, at)
    record(actor=actor, action="forums.member_left", target=member, details={"day": left_on.isoformat()}, at=at)
    return member


@transaction.atomic
def come_back(*, member_id: int, kind: str, term: OfficeTerm | None, actor: User | None, at: datetime) -> Member:
    """Take up the membership of somebody who left. The day they first joined stays, and so does that they were away.

    Raises RuleViolation if they have not left, or the kind does not fit their terms.
    """
    member = locked_member(member_id)
    if member.status != MemberStatus.LEFT:
        raise RuleViolation(_("They are a member already."), code="already_a_member")
    if term is not None:
        OfficeTerm.objects.select_for_update().get(pk=term.pk)
        if not member.terms.filter(term=term).exists():
            _link(member, term)
        member.area = area_of_region(term.region)
    day = timezone.localdate(at)
    _refuse_wrong_kind(kind, _terms_of(member), day, is_new=bool(term) or kind == MemberKind.REGULAR)
    member.move_to(MemberStatus.ACTIVE)
    member.kind = kind
    if member.left_on is not None:  # the database sees to it
        member.absences.create(left_on=member.left_on, back_on=day, reason=member.leaving_reason)
    member.left_on = None
    member.leaving_reason = ""
    if kind == MemberKind.REGULAR:
        member.former_office = ""
    member.save(update_fields=["status", "kind", "left_on", "leaving_reason", "area", "former_office"])
    record(actor=actor, action="forums.member_came_back", target=member, details={"type": kind}, at=at)
    return member


# --- accounts ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def let_act(*, member_id: int, user_id: int, is_head: bool, actor: User | None, at: datetime) -> MemberAccount:
    """Let an account act for a member from today on.

    Raises RuleViolation if it does already, or the member has left.
    """
    member = locked_member(member_id)
    _refuse_unless_active(member)
    day = timezone.localdate(at)
    user = User.objects.get(pk=user_id)
    if member.accounts.filter(user=user, until__isnull=True).exists():
        raise RuleViolation(_("This account already acts for the member."), code="acts_already")
    account = MemberAccount.objects.create(member=member, user=user, is_head=is_head, since=day)
    record(actor=actor, action="forums.account_linked", target=account, persons=[user], at=at)
    return account


@transaction.atomic
def invite_account(*, member_id: int, email: str, is_head: bool, actor: User, at: datetime) -> MemberAccount:
    """Let the account with this mail address act for a member, and write to it.

    Raises RuleViolation if no account in use has this address.
    """
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise RuleViolation(
            _("No account in use has this mail address. Please ask the person to make an account first."),
            code="no_such_account",
        )
    account = let_act(member_id=member_id, user_id=user.pk, is_head=is_head, actor=actor, at=at)
    with translation.override(user.language):
        path = reverse("forums:directory")
    send_notice(
        kind=INVITED,
        recipients=[
            Recipient(
                address=user.email,
                language=user.language,
                name=user.name,
                user=user,
                context={"member": account.member.name, "path": path},
            )
        ],
        actor=actor,
        at=at,
        subject_key=f"account:{account.pk}",
    )
    return account


@transaction.atomic
def end_account(*, account_id: int, actor: User, at: datetime) -> MemberAccount:
    """Let an account act for its member no more, from today on."""
    account = MemberAccount.objects.select_for_update(of=("self",)).select_related("user").get(pk=account_id)
    day = timezone.localdate(at)
    if account.until is not None and account.until <= day:
        raise RuleViolation(_("This account acts for the member no more."), code="ended_already")
    account.until = max(day, account.since)
    account.save(update_fields=["until"])
    record(actor=actor, action="forums.account_ended", target=account, persons=[account.user], at=at)
    return account


# --- within -----------------------------------------------------------------------------------------------------------


def _day_to_judge(term: OfficeTerm | None, joined_on: date | None, at: datetime) -> date:
    """The day of joining; where nobody knows it, the last of the term that is not ahead."""
    today = timezone.localdate(at)
    if joined_on is not None or term is None:
        return joined_on or today
    return min(today, term.until - timedelta(days=1))


def _terms_of(member: Member) -> list[OfficeTerm]:
    """The newest first."""
    rows = member.terms.select_related("term__region__parent").order_by("-term__since")
    return [row.term for row in rows]


def _end_posts(member: Member, day: date, actor: User, at: datetime) -> None:
    """Only members can be officers: what somebody who leaves holds, or was chosen for, ends with the membership."""
    for held in member.appointments.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)):
        held.ended_on = max(day, held.since)
        held.end_reason = _("They left the club.")
        held.save(update_fields=["ended_on", "end_reason"])
        record(
            actor=actor,
            action="forums.officer_stepped_down",
            target=held,
            details={"position": held.position, "on": held.ended_on.isoformat()},
            at=at,
        )


def _refuse_unless_active(member: Member) -> None:
    if member.status != MemberStatus.ACTIVE:
        raise RuleViolation(_("They have left the club. Please take up the membership again first."), code="has_left")


def _refuse_wrong_kind(kind: str, terms: Sequence[OfficeTerm], day: date, *, is_new: bool) -> None:
    """Article 2, as far as terms are known: former heads of long ago may have none in the register."""
    wanted = membership.Kind(kind)
    standing = membership.standing_on(services_of(terms), day)
    fits = standing in membership.standings_for(wanted, day)
    if wanted is membership.Kind.REGULAR and is_new and not fits:
        raise RuleViolation(
            _("A regular member is a head in office (bylaws, article 2). No term of office runs on that day."),
            code="not_serving",
        )
    if wanted is membership.Kind.HONORARY and terms and not fits:
        raise RuleViolation(
            _("A serving head is a regular member, not an honorary one (bylaws, article 2)."), code="still_serves"
        )


def _link(member: Member, term: OfficeTerm) -> None:
    taken = MemberTerm.objects.filter(term=term).first()
    if taken is not None:
        raise RuleViolation(
            _("This term of office is in the register already, as that of a member."), code="term_taken"
        )
    MemberTerm.objects.create(member=member, term=term)


def checked_mails(addresses: Sequence[str]) -> tuple[str, ...]:
    """The addresses in one spelling, each once. Raises RuleViolation for one that is none, or for too many."""
    cleaned = tuple(dict.fromkeys(address.strip().lower() for address in addresses if address.strip()))
    if len(cleaned) > MOST_MAILS:
        raise RuleViolation(_("At most %(most)s mail addresses are kept of a member.") % {"most": MOST_MAILS})
    for address in cleaned:
        try:
            validate_email(address)
        except ValidationError:
            raise RuleViolation(_("“%(address)s” is no mail address.") % {"address": address[:60]}) from None
    return cleaned


def _write_mails(member: Member, addresses: Sequence[str]) -> bool:
    """Whether anything changed."""
    wanted = checked_mails(addresses)
    if tuple(member.mails.values_list("address", flat=True)) == wanted:
        return False
    member.mails.all().delete()
    MemberMail.objects.bulk_create(
        MemberMail(member=member, address=address, position=position) for position, address in enumerate(wanted)
    )
    return True
