"""The register at the secretariat's desk, and the accounts that act for members."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.templatetags.madang import day_text
from forums.admin.member_forms import (
    HonoraryForm,
    InviteForm,
    LeaveForm,
    MemberForm,
    NewMemberForm,
    begin_term_form,
    come_back_form,
)
from forums.admin.scope import PersonsOfTheClubAdmin
from forums.models import Member, MemberAccount
from forums.queries.members import entry_of, to_be_settled, with_terms_and_mails
from forums.queries.registrations import still_registered
from forums.services.members import (
    Particulars,
    add_member,
    begin_term,
    change_particulars,
    come_back,
    end_account,
    invite_account,
    leave_club,
    make_honorary,
)
from forums.states import MemberKind, MemberStatus
from forums.waiting.members import SETTLE
from residents.desk import Act
from residents.desk.acts import current_user
from residents.desk.filters import ChoiceFilter
from residents.masking import masked_mail, masked_name

ONE_DAY = timedelta(days=1)  # terms end before the day on which the next one begins


class CareFilter(ChoiceFilter):
    """Members that the first page of the desk counts."""

    title = gettext_lazy("to look after")
    parameter_name = "care"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        del request, model_admin
        return [(SETTLE, _("term of office changed"))]

    def chosen(self, queryset: QuerySet[Any], value: str) -> QuerySet[Any]:
        del value
        return queryset.filter(pk__in=to_be_settled(timezone.localdate()).values("pk"))


def _begin_term(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    begin_term(member_id=member.pk, term_id=data["term"].pk, actor=current_user(request), at=timezone.now())
    return _("The new term of office is linked.")


def _make_honorary(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    make_honorary(
        member_id=member.pk, former_office=data["former_office"], actor=current_user(request), at=timezone.now()
    )
    return _("They are an honorary member now.")


def _leave(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    leave_club(
        member_id=member.pk,
        left_on=data["left_on"],
        reason=data["reason"],
        actor=current_user(request),
        at=timezone.now(),
    )
    said = _("It is noted that they left. The history stays.")
    events = still_registered(member, data["left_on"])
    if not events:
        return said
    return f"{said} " + _(
        "They or their officials are still registered for: %(events)s. "
        "Please ask whether they come, and cancel it there."
    ) % {"events": ", ".join(events)}


def _come_back(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    come_back(member_id=member.pk, kind=data["kind"], term=data["term"], actor=current_user(request), at=timezone.now())
    return _("They are a member again.")


def _invite(request: HttpRequest, member: Member, data: dict[str, Any]) -> str:
    invite_account(
        member_id=member.pk,
        email=data["email"],
        is_head=data["is_head"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _("The account acts for the member from today on and gets a mail.")


def _is_active(member: Member) -> bool:
    return member.status == MemberStatus.ACTIVE


@admin.register(Member)
class MemberAdmin(PersonsOfTheClubAdmin):
    """The register."""

    personal_data = "forums.member"
    made_in_series = True
    change_list_template = "admin/forums/member_change_list.html"
    form = MemberForm
    list_display = ("name", "name_hanja", "place", "kind", "status", "joined_on")
    list_filter = ("kind", "status", CareFilter)
    period = ("joined_on", gettext_lazy("member since"))
    search_fields = ("name", "name_hanja", "terms__term__region__name", "former_office", "mails__address")
    ordering = ("name", "pk")
    acts: ClassVar = (
        Act(
            name="begin_term",
            label=gettext_lazy("Link a new term of office"),
            permission="forums.change_member",
            run=_begin_term,
            question=gettext_lazy("They were elected again, or hold an office once more."),
            make_form=begin_term_form,
            available=_is_active,
        ),
        Act(
            name="make_honorary",
            label=gettext_lazy("Keep as an honorary member"),
            permission="forums.change_member",
            run=_make_honorary,
            question=gettext_lazy("Their term of office is over and they wish to stay."),
            form=HonoraryForm,
            available=lambda member: _is_active(member) and member.kind == MemberKind.REGULAR,
        ),
        Act(
            name="invite",
            label=gettext_lazy("Let an account act for them"),
            permission="forums.add_memberaccount",
            run=_invite,
            question=gettext_lazy("The account may then read the directory and register for forums."),
            form=InviteForm,
            available=_is_active,
        ),
        Act(
            name="leave",
            label=gettext_lazy("Note that they left"),
            permission="forums.change_member",
            run=_leave,
            question=gettext_lazy(
                "They leave the directory, their posts in the club end, and accounts that act for them do so no more. "
                "The history stays."
            ),
            form=LeaveForm,
            available=_is_active,
            danger=True,
        ),
        Act(
            name="come_back",
            label=gettext_lazy("Take up the membership again"),
            permission="forums.change_member",
            run=_come_back,
            question=gettext_lazy("They stand in the directory again, with the same history."),
            make_form=come_back_form,
            available=lambda member: member.status == MemberStatus.LEFT,
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Member] = with_terms_and_mails(super().get_queryset(request))
        return rows

    @admin.display(description=gettext_lazy("office"))
    def place(self, member: Member) -> str:
        entry = entry_of(member, timezone.localdate())
        return f"{entry.area} {entry.title}".strip() or "–"

    @admin.display(description=gettext_lazy("terms of office"))
    def terms_in_words(self, member: Member) -> str:
        lines = [
            f"{one.term} ({day_text(one.term.since)} – {day_text(one.term.until - ONE_DAY)})"
            for one in member.terms.all()
        ]
        return ", ".join(lines) or "–"

    @admin.display(description=gettext_lazy("accounts that act for them"))
    def accounts_in_words(self, member: Member) -> str:
        accounts = member.accounts.filter(until__isnull=True).select_related("user")
        return ", ".join(masked_mail(account.user.email) for account in accounts) or "–"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        first = ("name", "name_hanja")
        last = ("former_office", "area", "mail_addresses")
        if obj is None:
            return (*first, "kind", "term", "joined_on", *last)
        left = ("left_on", "leaving_reason") if obj.status == MemberStatus.LEFT else ()
        return (*first, *last, "kind", "status", "joined_on", *left, "terms_in_words", "accounts_in_words")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        del request
        if obj is None:
            return ()
        return ("kind", "status", "joined_on", "left_on", "leaving_reason", "terms_in_words", "accounts_in_words")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewMemberForm
        return super().get_form(request, obj, change, **kwargs)

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Member:
        data = form.cleaned_data
        particulars = Particulars(
            name=data["name"],
            name_hanja=data["name_hanja"],
            former_office=data["former_office"],
            area=data["area"],
            mails=data["mail_addresses"],
        )
        user, now = current_user(request), timezone.now()
        if change:
            return change_particulars(member_id=obj.pk, particulars=particulars, actor=user, at=now)
        return add_member(
            particulars=particulars,
            kind=data["kind"],
            term=data["term"],
            joined_on=data["joined_on"],
            actor=user,
            at=now,
        )

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: str | None = None) -> HttpResponse:
        if "_addanother" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, _("The member is in the register now."))
        return redirect(self.address("change", obj))


def _end_account(request: HttpRequest, account: MemberAccount, data: dict[str, Any]) -> str:
    del data
    end_account(account_id=account.pk, actor=current_user(request), at=timezone.now())
    return _("The account acts for the member no more.")


@admin.register(MemberAccount)
class MemberAccountAdmin(PersonsOfTheClubAdmin):
    """Which account acts for whom; new ones begin on the member's page."""

    personal_data = "forums.memberaccount"
    list_display = ("member", "account", "is_head", "since", "until")
    list_filter = ("is_head",)
    period = ("since", gettext_lazy("since"))
    list_select_related = ("member", "user")
    search_fields = ("member__name",)
    fields = ("member", "account", "is_head", "since", "until")
    readonly_fields = fields
    acts: ClassVar = (
        Act(
            name="end",
            label=gettext_lazy("End"),
            permission="forums.change_memberaccount",
            run=_end_account,
            question=gettext_lazy("From now on the account neither reads the directory nor registers for this member."),
            bulk_question=gettext_lazy("From now on these accounts neither read the directory nor register for them."),
            available=lambda account: account.until is None,
            bulk=True,
            danger=True,
        ),
    )

    @admin.display(description=gettext_lazy("account"))
    def account(self, row: MemberAccount) -> str:
        return f"{masked_name(row.user.name)} {masked_mail(row.user.email)}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        del request, obj
        return False
