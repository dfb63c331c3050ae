"""Ordering notices, deciding what became of them, and what people want to get."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Protocol

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core.audit.services import HasPseudonym, record
from core.errors import RuleViolation
from core.notices.addresses import address_key, one_spelling
from core.notices.kinds import NoticeKind, categories_to_choose, kind_called
from core.notices.models import Delivery, Mailing, Refusal
from core.notices.ordering import order_sending
from core.notices.queries import refused_among
from core.notices.states import UNDER_WAY, ChannelName, DeliveryStatus, Problem

FEWEST_DIGITS, MOST_DIGITS = 8, 15  # of a telephone number
LONGEST_ADDRESS, LONGEST_NAME = 254, 120  # signs that are kept


class Person(HasPseudonym, Protocol):
    """An account, as far as notices know it."""

    @property
    def pk(self) -> Any: ...

    @property
    def email(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Recipient:
    """One address. `context` fills the template: plain values, and no more of a person than the message says.

    `user` is the account behind the address; where none is named, the one that signs in with it, if there is one. What
    it refuses holds, and what is kept of the message is theirs to see and goes with them.
    """

    address: str
    language: str = "ko"
    name: str = ""
    user: Person | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    channel: ChannelName = ChannelName.MAIL


@transaction.atomic
def send_notice(  # noqa: PLR0913 - a notice has this many facts
    *,
    kind: str,
    recipients: Sequence[Recipient],
    actor: Person | None,
    at: datetime,
    subject_key: str = "",
    scope: str = "",
) -> Mailing:
    """Take a notice into the queue, in the caller's transaction; one job sends it when that is committed.

    `actor` None is the system itself. `subject_key` says about what thing ("forum:24:2") without naming a person; an
    address that was sent the same kind about the same thing is not sent it again. Who refused the category is noted
    as left out, unless the kind is obligatory. The same message to the same address twice in `recipients` goes once.
    Raises KeyError for a kind that nobody registered; RuleViolation if the account may not send it, an address is
    none, or there is nobody to send it to.
    """
    wanted = kind_called(kind)
    if actor is not None and wanted.may_send is not None and not wanted.may_send(actor):
        raise RuleViolation(
            _("Your account may not send this notice. Nothing was sent."),
            code="may_not_send",
            status=HTTPStatus.FORBIDDEN,
        )
    chosen = _with_accounts(_once_each(recipients))
    if subject_key:
        chosen = _not_told_yet(kind, subject_key, chosen)
    if not chosen:
        raise RuleViolation(_("There is nobody left to send this notice to."), code="nobody_to_send_to")
    mailing = Mailing.objects.create(
        kind=kind, subject_key=subject_key, actor_id=actor.pk if actor else None, scope=scope, ordered_at=at
    )
    refused = set() if wanted.obligatory else _refusing(wanted, chosen)
    Delivery.objects.bulk_create(
        (_delivery(mailing, one, at, left_out=number in refused) for number, one in enumerate(chosen)), batch_size=500
    )
    record(
        actor=actor,
        action="notices.mailing_ordered",
        target=mailing,
        scope=scope,
        details={"type": kind, "total": len(chosen)},
        at=at,
    )
    if len(refused) < len(chosen):
        order_sending(mailing, owner=actor, at=at)
    return mailing


@transaction.atomic
def send_failed_again(*, mailing_id: Any, actor: Person | None, at: datetime) -> int:
    """Let what could not be sent wait once more, and say how many. Those without an address any more stay.

    Raises RuleViolation if there is nothing to send again.
    """
    mailing = _locked(mailing_id)
    failed = mailing.deliveries.filter(status=DeliveryStatus.FAILED).exclude(address="")
    return _let_wait(mailing, failed, "notices.failed_sent_again", actor, at)


@transaction.atomic
def settle_uncertain(
    *, mailing_id: Any, send_again: bool, actor: Person | None, at: datetime, delivery_ids: Iterable[int] | None = None
) -> int:
    """Decide about deliveries that were perhaps sent: take them as sent, or send them again. Says how many.

    All of the mailing, or those in `delivery_ids`. Raises RuleViolation if there are none.
    """
    mailing = _locked(mailing_id)
    uncertain = mailing.deliveries.filter(status=DeliveryStatus.UNCERTAIN)
    if delivery_ids is not None:
        uncertain = uncertain.filter(pk__in=list(delivery_ids))
    if send_again:
        return _let_wait(mailing, uncertain.exclude(address=""), "notices.uncertain_sent_again", actor, at)
    rows = list(uncertain.select_for_update())
    _refuse_if_none(rows)
    for delivery in rows:
        delivery.move_to(DeliveryStatus.SENT)
        delivery.settled_at = at
        delivery.problem = ""
    Delivery.objects.bulk_update(rows, ["status", "settled_at", "problem"], batch_size=500)
    record(
        actor=actor,
        action="notices.uncertain_taken_as_sent",
        target=mailing,
        scope=mailing.scope,
        details={"total": len(rows)},
        at=at,
    )
    return len(rows)


@transaction.atomic
def refuse_category(
    *, category: str, at: datetime, user_id: int | None = None, key: str = "", actor: Person | None = None
) -> None:
    """Note that an account, or else the address with this digest, wants no more notices of the category."""
    who = {"user_id": user_id} if user_id else {"user": None, "address_key": key}
    _row, is_new = Refusal.objects.get_or_create(category=category, **who, defaults={"at": at})
    if is_new:
        record(actor=actor, action="notices.category_refused", target=Refusal, details={"type": category}, at=at)


@transaction.atomic
def accept_category(
    *, category: str, at: datetime, user_id: int | None = None, key: str = "", actor: Person | None = None
) -> None:
    """Take back a refusal: the account's, the address's, or both."""
    whose = Q(pk__in=[])
    whose |= Q(user_id=user_id) if user_id else whose
    whose |= Q(user=None, address_key=key) if key else whose
    gone, _kinds = Refusal.objects.filter(whose, category=category).delete()
    if gone:
        record(actor=actor, action="notices.category_accepted", target=Refusal, details={"type": category}, at=at)


@transaction.atomic
def choose_categories(*, user: Person, wanted: Iterable[str], at: datetime) -> None:
    """Keep exactly what an account wants: the categories in `wanted`, of those that can be chosen."""
    chosen, key = set(wanted), address_key(user.email)
    for category in categories_to_choose():
        if category.key in chosen:
            accept_category(category=category.key, user_id=user.pk, key=key, actor=user, at=at)
        else:
            refuse_category(category=category.key, user_id=user.pk, actor=user, at=at)


@transaction.atomic
def forget_addresses(*, at: datetime) -> int:
    """Empty address, name and context of deliveries settled NOTICE_KEEP_DAYS ago, and say how many.

    What is perhaps sent counts from its claim, so that it is not kept for ever when nobody decides.
    """
    before = at - timedelta(days=settings.NOTICE_KEEP_DAYS)
    rows = Delivery.objects.filter(forgotten_at__isnull=True).exclude(status__in=UNDER_WAY)
    forgotten = rows.filter(settled_at__lt=before).update(address="", name="", context={}, forgotten_at=at)
    if forgotten:
        record(actor=None, action="notices.addresses_forgotten", target=Delivery, details={"total": forgotten}, at=at)
    return forgotten


@transaction.atomic
def forget_account(*, user_id: int, at: datetime) -> None:
    """Empty what deliveries hold about an account that is erased; what still waits is not sent."""
    _forget(Delivery.objects.filter(user_id=user_id), at)
    Refusal.objects.filter(user_id=user_id).delete()


@transaction.atomic
def forget_subject(*, subject: str, at: datetime) -> None:
    """Empty the deliveries about a thing whose data is deleted, all with a `subject_key` that begins with `subject:`.

    What still waits is not sent; what is just being sent is emptied with other old ones.
    """
    _forget(Delivery.objects.filter(mailing__subject_key__startswith=f"{subject}:"), at)


def _forget(deliveries: QuerySet[Delivery], at: datetime) -> None:
    for delivery in deliveries.select_for_update(of=("self",)).filter(status=DeliveryStatus.WAITING):
        delivery.move_to(DeliveryStatus.LEFT_OUT)
        delivery.settled_at = at
        delivery.save(update_fields=["status", "settled_at"])
    deliveries.exclude(status=DeliveryStatus.SENDING).update(
        address="", name="", context={}, forgotten_at=at, address_key="", user=None
    )


def _locked(mailing_id: Any) -> Mailing:
    return Mailing.objects.select_for_update(no_key=True).get(pk=mailing_id)


def _once_each(recipients: Sequence[Recipient]) -> list[Recipient]:
    """The recipients without repetitions. Raises RuleViolation for what is no address, without repeating it."""
    chosen: dict[tuple[str, str, str], Recipient] = {}
    for number, one in enumerate(recipients, start=1):
        address = one_spelling(one.address)
        if not _is_address(address, one.channel):
            raise RuleViolation(
                _("Recipient number %(number)s has no valid address. Nothing was sent.") % {"number": number},
                code="wrong_address",
            )
        chosen.setdefault((one.channel, address, repr(sorted(one.context.items()))), one)
    return list(chosen.values())


def _with_accounts(recipients: list[Recipient]) -> list[Recipient]:
    """The same, each mail address that an account signs in with as that account's. One query where it is needed."""
    unnamed = [one_spelling(one.address) for one in recipients if one.user is None and one.channel == ChannelName.MAIL]
    if not unnamed:
        return recipients
    accounts = {account.email: account for account in get_user_model()._default_manager.filter(email__in=unnamed)}
    return [
        replace(one, user=accounts.get(one_spelling(one.address)))
        if one.user is None and one.channel == ChannelName.MAIL
        else one
        for one in recipients
    ]


def _is_address(address: str, channel: str) -> bool:
    if channel == ChannelName.MAIL:
        if len(address) > LONGEST_ADDRESS:
            return False
        try:
            validate_email(address)
        except ValidationError:
            return False
        return True
    digits = address.removeprefix("+")
    return digits.isascii() and digits.isdigit() and FEWEST_DIGITS <= len(digits) <= MOST_DIGITS


def _not_told_yet(kind: str, subject_key: str, recipients: list[Recipient]) -> list[Recipient]:
    told = set(
        Delivery.objects.filter(mailing__kind=kind, mailing__subject_key=subject_key)
        .exclude(status=DeliveryStatus.FAILED)
        .values_list("channel", "address_key")
    )
    return [one for one in recipients if (one.channel, address_key(one.address)) not in told]


def _refusing(kind: NoticeKind, recipients: list[Recipient]) -> set[int]:
    """Places in the list of those who refused this category."""
    refused = refused_among(
        kind.category.key,
        users=[one.user.pk for one in recipients if one.user],
        keys=[address_key(one.address) for one in recipients],
    )
    return {
        number
        for number, one in enumerate(recipients)
        if address_key(one.address) in refused or (one.user is not None and one.user.pk in refused)
    }


def _delivery(mailing: Mailing, one: Recipient, at: datetime, *, left_out: bool) -> Delivery:
    known = {code for code, _name in settings.LANGUAGES}
    return Delivery(
        mailing=mailing,
        channel=one.channel,
        user_id=one.user.pk if one.user else None,
        address="" if left_out else one_spelling(one.address),
        address_key=address_key(one.address),
        name="" if left_out else " ".join(one.name.split())[:LONGEST_NAME],
        language=one.language if one.language in known else settings.LANGUAGE_CODE,
        context={} if left_out else dict(one.context),
        token=secrets.token_urlsafe(32),
        status=DeliveryStatus.LEFT_OUT if left_out else DeliveryStatus.WAITING,
        due_at=at,
        settled_at=at if left_out else None,
    )


def _let_wait(mailing: Mailing, rows: Any, action: str, actor: Person | None, at: datetime) -> int:
    chosen = list(rows.select_for_update())
    _refuse_if_none(chosen)
    for delivery in chosen:
        delivery.move_to(DeliveryStatus.WAITING)
        delivery.attempts = 0
        delivery.problem = ""
        delivery.lease = None
        delivery.due_at = at
        delivery.settled_at = None
    fields = ["status", "attempts", "problem", "lease", "due_at", "settled_at"]
    Delivery.objects.bulk_update(chosen, fields, batch_size=500)
    record(actor=actor, action=action, target=mailing, scope=mailing.scope, details={"total": len(chosen)}, at=at)
    order_sending(mailing, owner=actor, at=at)
    return len(chosen)


def _refuse_if_none(rows: list[Delivery]) -> None:
    if not rows:
        raise RuleViolation(_("There is nothing of this kind left in the mailing."), code="nothing_left")


def problem_in_words(problem: str) -> str:
    """Why something was not sent, as a sentence; "" for no problem."""
    return str(Problem(problem).label) if problem else ""
