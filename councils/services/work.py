"""Writes on what a council works on: own, consulted and entrusted affairs, and agreements on the latter (C8, C13)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit.services import record
from core.errors import RuleViolation
from councils.models import Agreement, Council, WorkItem
from councils.states import AgreementStatus, CouncilStatus, WorkKind, WorkStatus
from residents.models import User

WORK_FIELDS = frozenset(
    {"kind", "title", "about", "subcommittee", "agreement", "resolution", "starts_on", "ends_on", "opinion", "answer"}
)
AGREEMENT_FIELDS = frozenset({"title", "subject", "starts_on", "ends_on", "amount"})


@transaction.atomic
def add_work(*, council_id: int, facts: Mapping[str, Any], actor: User | None, at: datetime) -> WorkItem:
    """Put a matter on the council's list. `facts` are fields of WorkItem (WORK_FIELDS).

    Raises RuleViolation if the council is dissolved, the title is missing, an agreement or a subcommittee belongs to
    another council, or an agreement stands with what is not entrusted.
    """
    council = _locked_council(council_id)
    item = WorkItem(council=council)
    _take(item, facts)
    item.save()
    _note("councils.work_added", item, council, actor, at)
    return item


@transaction.atomic
def change_work(*, work_id: int, facts: Mapping[str, Any], actor: User | None, at: datetime) -> WorkItem:
    """Change a matter, such as opinion and answer. Raises RuleViolation as `add_work`, or when it is done."""
    item = _locked_work(work_id)
    if item.status == WorkStatus.DONE:
        raise RuleViolation(_("What is done stays as it was written down."), code="wrong_state")
    _take(item, facts)
    item.save()
    _note("councils.work_changed", item, item.council, actor, at)
    return item


@transaction.atomic
def move_work(*, work_id: int, status: WorkStatus, actor: User | None, at: datetime) -> WorkItem:
    """Begin, finish, stop or resume a matter. Raises RuleViolation if the table of states does not allow it."""
    item = _locked_work(work_id)
    if status == WorkStatus.DONE and item.kind == WorkKind.CONSULTED and not item.opinion.strip():
        raise RuleViolation(_("Please write down the opinion of the council before the consultation is finished."))
    item.move_to(status)
    item.save(update_fields=["status"])
    _note("councils.work_moved", item, item.council, actor, at, details={"state": str(status)})
    return item


@transaction.atomic
def draft_agreement(*, council_id: int, facts: Mapping[str, Any], actor: User | None, at: datetime) -> Agreement:
    """Draft an agreement between district and council. `facts` are fields of Agreement (AGREEMENT_FIELDS).

    Raises RuleViolation without title and subject, or for days out of order.
    """
    council = _locked_council(council_id)
    agreement = Agreement(council=council)
    _take_agreement(agreement, facts)
    agreement.save()
    _note("councils.agreement_drafted", agreement, council, actor, at)
    return agreement


@transaction.atomic
def change_agreement(*, agreement_id: int, facts: Mapping[str, Any], actor: User | None, at: datetime) -> Agreement:
    """Change a draft. Raises RuleViolation once it is signed: a changed agreement is a new one."""
    agreement = _locked_agreement(agreement_id)
    if agreement.status != AgreementStatus.DRAFT:
        raise RuleViolation(_("A signed agreement stays as it is; a changed one is a new one."), code="wrong_state")
    _take_agreement(agreement, facts)
    agreement.save()
    _note("councils.agreement_changed", agreement, agreement.council, actor, at)
    return agreement


@transaction.atomic
def sign_agreement(
    *, agreement_id: int, signed_on: date, document_number: str, actor: User | None, at: datetime
) -> Agreement:
    """Record that district and council signed. Raises RuleViolation for a day to come, or if it is no draft."""
    agreement = _locked_agreement(agreement_id)
    if signed_on > timezone.localdate(at):
        raise RuleViolation(_("This day is still to come."))
    agreement.move_to(AgreementStatus.IN_FORCE)
    agreement.signed_on = signed_on
    agreement.document_number = document_number.strip()
    agreement.save()
    _note("councils.agreement_signed", agreement, agreement.council, actor, at)
    return agreement


@transaction.atomic
def end_agreement(*, agreement_id: int, reason: str, actor: User | None, at: datetime) -> Agreement:
    """End an agreement. Raises RuleViolation if it ended, or without a reason before its last day."""
    agreement = _locked_agreement(agreement_id)
    if timezone.localdate(at) < agreement.ends_on and not reason.strip():
        raise RuleViolation(_("Its last day has not come yet. Please say why the agreement ends early."))
    agreement.move_to(AgreementStatus.ENDED)
    agreement.ended_because = reason.strip()[:200]
    agreement.save(update_fields=["status", "ended_because"])
    _note("councils.agreement_ended", agreement, agreement.council, actor, at)
    return agreement


def _take(item: WorkItem, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name not in WORK_FIELDS:
            raise ValueError(f"{name} is no fact of a council's work")
        setattr(item, name, value.strip() if isinstance(value, str) else value)
    if not item.title:
        raise RuleViolation(_("Please give the matter a title."))
    if item.starts_on and item.ends_on and item.ends_on < item.starts_on:
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")
    if item.agreement is not None and item.kind != WorkKind.ENTRUSTED:
        raise RuleViolation(_("An agreement stands with entrusted affairs only."))
    belongs = (item.agreement, item.subcommittee)
    if any(thing is not None and thing.council_id != item.council_id for thing in belongs):
        raise RuleViolation(_("Agreement and subcommittee must belong to the same council."), code="other_council")


def _take_agreement(agreement: Agreement, facts: Mapping[str, Any]) -> None:
    for name, value in facts.items():
        if name not in AGREEMENT_FIELDS:
            raise ValueError(f"{name} is no fact of an agreement")
        setattr(agreement, name, value.strip() if isinstance(value, str) else value)
    if not (agreement.title and agreement.subject):
        raise RuleViolation(_("Please say what the agreement is called and what is entrusted."))
    if agreement.ends_on < agreement.starts_on:
        raise RuleViolation(_("The last day comes before the first."), code="ends_before_start")


def _locked_council(council_id: int) -> Council:
    council = Council.objects.select_for_update(of=("self",)).select_related("dong").get(pk=council_id)
    if council.status == CouncilStatus.DISSOLVED:
        raise RuleViolation(_("A dissolved council stays as it was."), code="wrong_state")
    return council


def _locked_work(work_id: int) -> WorkItem:
    council = _locked_council(WorkItem.objects.values_list("council_id", flat=True).get(pk=work_id))
    item = WorkItem.objects.select_related("agreement", "subcommittee").get(pk=work_id)
    item.council = council
    return item


def _locked_agreement(agreement_id: int) -> Agreement:
    council = _locked_council(Agreement.objects.values_list("council_id", flat=True).get(pk=agreement_id))
    agreement = Agreement.objects.get(pk=agreement_id)
    agreement.council = council
    return agreement


def _note(  # noqa: PLR0913 - an entry has this many facts
    action: str,
    target: WorkItem | Agreement,
    council: Council,
    actor: User | None,
    at: datetime,
    *,
    details: dict[str, object] | None = None,
) -> None:
    record(actor=actor, action=action, target=target, scope=council.dong.path, details=details or {}, at=at)
