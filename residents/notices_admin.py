"""The desk's lists of mailings and their deliveries: what went out, what did not, and what somebody has to decide.

They stand here and not in `core.notices`, which knows no roles.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.notices.kinds import all_kinds, kind_called
from core.notices.models import Delivery, Mailing
from core.notices.queries import latest_job, with_counts
from core.notices.services import problem_in_words, send_failed_again, settle_uncertain
from core.notices.states import DeliveryStatus
from core.templatetags.madang import moment_text
from residents.admin.finding import FindsByWords
from residents.desk import Act, ScopedAdmin
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.models import User
from residents.notices_permissions import MAILING_VIEWERS, kinds_sent_by
from residents.permissions import role_paths
from residents.states import Role

NOTHING = "–"
# So many mailings are offered to choose deliveries by; older ones are reached from their own page.
NEWEST = 30


def _title(kind: str) -> str:
    try:
        return str(kind_called(kind).title)
    except KeyError:
        return kind


def _sent_again(count: int) -> str:
    return ngettext("%(count)s message waits to be sent again.", "%(count)s messages wait to be sent again.", count) % {
        "count": count
    }


def _taken_as_sent(count: int) -> str:
    text = ngettext("%(count)s message is taken as sent.", "%(count)s messages are taken as sent.", count)
    return text % {"count": count}


def _send_failed_again(request: HttpRequest, mailing: Mailing, _data: dict[str, Any]) -> str:
    count = send_failed_again(mailing_id=mailing.pk, actor=current_user(request), at=timezone.now())
    return _sent_again(count)


def _settle_all(request: HttpRequest, mailing: Mailing, *, send_again: bool) -> str:
    count = settle_uncertain(
        mailing_id=mailing.pk, send_again=send_again, actor=current_user(request), at=timezone.now()
    )
    return _sent_again(count) if send_again else _taken_as_sent(count)


def _settle_one(request: HttpRequest, delivery: Delivery, *, send_again: bool) -> str:
    count = settle_uncertain(
        mailing_id=delivery.mailing_id,
        delivery_ids=[delivery.pk],
        send_again=send_again,
        actor=current_user(request),
        at=timezone.now(),
    )
    return _sent_again(count) if send_again else _taken_as_sent(count)


def _is_uncertain(delivery: Delivery) -> bool:
    return delivery.status == DeliveryStatus.UNCERTAIN


class MailingKindFilter(ChoiceFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """The kinds that this official looks after, by their names."""
        del model_admin
        user = current_user(request)
        mine = {kind.name for kind in all_kinds()} if user.has_role(Role.OPERATOR) else kinds_sent_by(user)
        return sorted(((name, _title(name)) for name in mine), key=lambda pair: pair[1])

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(kind=value)


class OwnMailings(ScopedAdmin):
    """Rows of the mailings that this official looks after."""

    viewing_roles = MAILING_VIEWERS
    kind_lookup = "kind"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if role_paths(request.user, Role.OPERATOR):
            return rows
        return rows.filter(**{f"{self.kind_lookup}__in": kinds_sent_by(current_user(request))})


@admin.register(Mailing)
class MailingAdmin(OwnMailings):
    list_display = ("ordered_at", "what", "total", "sent", "waiting", "failed", "uncertain", "who")
    list_display_links = ("ordered_at", "what")
    list_filter = (MailingKindFilter,)
    period = ("ordered_at", gettext_lazy("ordered at"))
    fields = (
        "what",
        "ordered_at",
        "who",
        "total",
        "sent",
        "waiting",
        "failed",
        "uncertain",
        "left_out",
        "work",
        "outcome",
        "each",
    )
    readonly_fields = fields
    acts = (
        Act(
            name="send-failed-again",
            label=gettext_lazy("Send again what failed"),
            permission="notices.send_again_mailing",
            run=_send_failed_again,
            question=gettext_lazy("Everything that could not be sent is tried once more."),
            available=lambda mailing: bool(mailing.failed_count),
        ),
        Act(
            name="take-as-sent",
            label=gettext_lazy("Take what is uncertain as sent"),
            permission="notices.send_again_mailing",
            run=lambda request, mailing, _data: _settle_all(request, mailing, send_again=False),
            question=gettext_lazy(
                "The work broke off while these messages were on their way. Nothing is sent; they count as sent."
            ),
            available=lambda mailing: bool(mailing.uncertain_count),
        ),
        Act(
            name="send-uncertain-again",
            label=gettext_lazy("Send again what is uncertain"),
            permission="notices.send_again_mailing",
            run=lambda request, mailing, _data: _settle_all(request, mailing, send_again=True),
            question=gettext_lazy(
                "The work broke off while these messages were on their way. Some recipients may get theirs twice."
            ),
            available=lambda mailing: bool(mailing.uncertain_count),
            danger=True,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_counts(super().get_queryset(request).select_related("actor"))

    def named(self, obj: Mailing) -> str:
        return f"{obj.title} · {moment_text(obj.ordered_at)}"

    @admin.display(description=gettext_lazy("kind"), ordering="kind")
    def what(self, mailing: Mailing) -> str:
        return mailing.title

    @admin.display(description=gettext_lazy("ordered by"))
    def who(self, mailing: Mailing) -> str:
        return str(mailing.actor) if mailing.actor else _("the system")

    @admin.display(description=gettext_lazy("messages"), ordering="total_count")
    def total(self, mailing: Any) -> int:
        return int(mailing.total_count)

    @admin.display(description=gettext_lazy("sent"), ordering="sent_count")
    def sent(self, mailing: Any) -> int:
        return int(mailing.sent_count)

    @admin.display(description=gettext_lazy("waiting"))
    def waiting(self, mailing: Any) -> int:
        return int(mailing.waiting_count + mailing.sending_count)

    @admin.display(description=gettext_lazy("failed"), ordering="failed_count")
    def failed(self, mailing: Any) -> int:
        return int(mailing.failed_count)

    @admin.display(description=gettext_lazy("uncertain"), ordering="uncertain_count")
    def uncertain(self, mailing: Any) -> int:
        return int(mailing.uncertain_count)

    @admin.display(description=gettext_lazy("not wanted"))
    def left_out(self, mailing: Any) -> int:
        return int(mailing.left_out_count)

    @admin.display(description=gettext_lazy("work"))
    def work(self, mailing: Mailing) -> str:
        job = latest_job(mailing)
        if job is None:
            return NOTHING
        state = job.get_status_display()
        return state if job.finished_at else f"{state} · {job.percent} % · {job.step}".rstrip(" ·")

    @admin.display(description=gettext_lazy("what came of it"))
    def outcome(self, mailing: Mailing) -> str:
        job = latest_job(mailing)
        return (job.message if job else "") or NOTHING

    @admin.display(description=gettext_lazy("each message"))
    def each(self, mailing: Mailing) -> SafeString:
        url = reverse(f"{self.admin_site.name}:notices_delivery_changelist")
        return format_html('<a href="{}?mailing={}">{}</a>', url, mailing.pk, _("See every message of this mailing"))


class MailingFilter(ChoiceFilter):
    title = gettext_lazy("mailing")
    parameter_name = "mailing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        """The newest, and the one that is chosen by its own page."""
        mailings = Mailing.objects.all()
        user = current_user(request)
        if not user.has_role(Role.OPERATOR):
            mailings = mailings.filter(kind__in=kinds_sent_by(user))
        rows = list(mailings[:NEWEST])
        chosen = request.GET.get("mailing", "")
        if chosen and chosen not in {str(row.pk) for row in rows}:
            del model_admin
            rows += [row for row in mailings if str(row.pk) == chosen]
        return [(str(row.pk), f"{row.title} · {moment_text(row.ordered_at)}") for row in rows]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        return queryset.filter(mailing=value)


@admin.register(Delivery)
class DeliveryAdmin(FindsByWords, OwnMailings):
    personal_data = "notices.Delivery"
    kind_lookup = "mailing__kind"
    list_display = ("recipient", "address", "channel", "state", "problem_shown", "settled_at", "mailing")
    list_filter = (MailingFilter, "status", "problem", "channel")
    list_select_related = ("mailing",)
    found_by = ("name", "address")
    fields = (
        "mailing",
        "recipient",
        "address",
        "channel",
        "state",
        "problem_shown",
        "attempts",
        "settled_at",
        "due_at",
    )
    readonly_fields = fields
    acts = (
        Act(
            name="take-as-sent",
            label=gettext_lazy("Take it as sent"),
            permission="notices.settle_delivery",
            run=lambda request, delivery, _data: _settle_one(request, delivery, send_again=False),
            question=gettext_lazy("Nothing is sent; the message counts as sent."),
            bulk_question=gettext_lazy("Nothing is sent; the messages count as sent."),
            available=_is_uncertain,
            bulk=True,
        ),
        Act(
            name="send-again",
            label=gettext_lazy("Send it again"),
            permission="notices.settle_delivery",
            run=lambda request, delivery, _data: _settle_one(request, delivery, send_again=True),
            question=gettext_lazy("Perhaps the message went out already; then the recipient gets it twice."),
            bulk_question=gettext_lazy("Perhaps these messages went out already; then they arrive twice."),
            available=_is_uncertain,
            bulk=True,
            danger=True,
        ),
    )

    def described(self, row: Delivery) -> tuple[str, ...]:
        return (row.name, row.mailing.title, row.get_status_display())

    def named(self, obj: Delivery) -> str:
        return f"{obj.mailing.title} · {_('message')} {obj.pk}"

    def person_of(self, obj: Delivery) -> User | None:
        return obj.user

    @admin.display(description=gettext_lazy("sent to"), ordering="name")
    def recipient(self, delivery: Delivery) -> str:
        return delivery.name or NOTHING

    @admin.display(description=gettext_lazy("state"), ordering="status")
    def state(self, delivery: Delivery) -> str:
        return delivery.get_status_display()

    @admin.display(description=gettext_lazy("problem"), ordering="problem")
    def problem_shown(self, delivery: Delivery) -> str:
        return problem_in_words(delivery.problem) or NOTHING
