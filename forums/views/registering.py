"""Registering for an event: a member's office answers, guests of public events register themselves."""

from http import HTTPStatus

from allauth.decorators import rate_limit
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from forums.documents.attendees import PERSONAL_DATA
from forums.forms.registering import GuestForm, ReplyForm, StaffRows, initial_of, reply_of
from forums.models import Forum, Member, Registration
from forums.permissions import is_public_forum, keeps_the_club, members_of
from forums.programme_wording import days_in_words, event_label
from forums.queries.registrations import own_registrations, places_of
from forums.services.admission import register_guest
from forums.services.gathering import programme_for_participants
from forums.services.registration_notices import registration_of
from forums.services.registrations import answer_for_office, cancel_registration, closes_at, refuse_if_closed
from forums.states import AttendeeRole, ForumStatus, MemberStatus, RegistrationStatus
from residents.models import User

PAGE = "forums/register.html"
LONGEST_KEY = 18


def _forum(request: HttpRequest, pk: int) -> Forum:
    """A public event. Raises Http404 for all others."""
    found = Forum.objects.select_related("host__parent").filter(pk=pk).first()
    if found is None or not is_public_forum.test(request.user, found):
        raise Http404
    return found


def _user(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _member(request: HttpRequest, own: list[Member], *, keeps: bool) -> Member | None:
    """For whom this is: as `?member=` says, else the only one. Raises Http404 for who is not theirs to answer for."""
    asked = request.GET.get("member", "")
    if not asked:
        return own[0] if own else None
    if not (asked.isascii() and asked.isdecimal() and len(asked) <= LONGEST_KEY):
        raise Http404
    member = next((one for one in own if one.pk == int(asked)), None)
    if member is None and keeps:
        member = Member.objects.filter(pk=int(asked), status=MemberStatus.ACTIVE).first()
    user = _user(request)
    if member is None or user is None or not user.has_perm("forums.register_for_forum", member):
        raise Http404
    return member


def _why_closed(forum: Forum) -> str:
    try:
        refuse_if_closed(forum, timezone.now())
    except RuleViolation as closed:
        return closed.text
    return ""


def _facts(forum: Forum) -> dict[str, object]:
    programme = programme_for_participants(forum)
    return {
        "forum": forum,
        "title": programme.title,
        "place": programme.place,
        "label": event_label(forum.kind, forum.term, forum.number),
        "when": days_in_words(programme.starts_on, programme.ends_on),
        "closes_at": closes_at(forum),
        "closed": _why_closed(forum),
        "places": places_of(forum),
    }


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The answer of a member's office; for all others, where the event is open to them, a guest's registration."""
    forum = _forum(request, pk)
    if forum.status != ForumStatus.PUBLISHED:
        # Held or called off since the link was sent: the page of the event says so.
        return redirect("forums:forum", pk)
    keeps = keeps_the_club(request.user)
    own = members_of(request.user)
    member = _member(request, own, keeps=keeps)
    if member is not None:
        return _answer_page(request, forum, member, own, keeps=keeps and member not in own)
    if not forum.public_registration:
        return render(request, PAGE, {**_facts(forum), "is_for_members": True, "keeps": keeps})
    if request.method != "POST":
        return _guest_page(request, forum, GuestForm(initial=_known_of(_user(request))))
    limited = rate_limit(  # type: ignore[no-untyped-call]
        action="club_register", config={"club_register": settings.EVENT_REGISTER_RATE}
    )
    response: HttpResponseBase = limited(_guest_sent)(request, forum)
    return response


@sensitive_variables()
def _answer_page(request: HttpRequest, forum: Forum, member: Member, own: list[Member], *, keeps: bool) -> HttpResponse:
    lines = own_registrations(forum, [member])[member.pk]
    mail = member.mails.values_list("address", flat=True).first() or ""
    reply, staff = initial_of(lines, mail)
    status = HTTPStatus.OK
    if request.method == "POST":
        form, rows = ReplyForm(request.POST), StaffRows(request.POST, prefix="staff")
        status = HTTPStatus.BAD_REQUEST
        if form.is_valid() and rows.is_valid():
            try:
                answer_for_office(
                    forum_id=forum.pk,
                    member_id=member.pk,
                    reply=reply_of(form, rows),
                    actor=_user(request),
                    at=timezone.now(),
                    at_the_desk=keeps,
                )
            except RuleViolation as no:
                form.add_error(None, no.text)
                status = HTTPStatus(no.status)
            else:
                messages.success(request, _("The answer is kept. You can change it on this page until the closing."))
                return redirect(f"{request.path}?member={member.pk}")
    else:
        form, rows = ReplyForm(initial=reply), StaffRows(initial=staff, prefix="staff")
    reader = _user(request)
    if keeps and reader is not None and (lines or mail):
        # An office reads what it wrote itself; the secretariat reads what others did.
        log_access(
            account=reader,
            act=AccessAct.READ,
            what=PERSONAL_DATA,
            at=timezone.now(),
            count=max(1, len(lines)),
            address=client_address(request),
        )
    facts = _facts(forum)
    context = {
        **facts,
        "closed": "" if keeps else facts["closed"],
        "member": member,
        "own": own,
        "lines": lines,
        "form": form,
        "rows": rows,
        "keeps": keeps,
    }
    return render(request, PAGE, context, status=status)


def _known_of(user: User | None) -> dict[str, str]:
    return {} if user is None else {"name": user.name, "contact": user.email}


@sensitive_variables()
def _guest_sent(request: HttpRequest, forum: Forum) -> HttpResponse:
    form = GuestForm(request.POST)
    if not form.is_valid():
        return _guest_page(request, forum, form, HTTPStatus.BAD_REQUEST)
    data = form.cleaned_data
    try:
        register_guest(
            forum_id=forum.pk,
            name=data["name"],
            organisation=data["organisation"],
            position=data["position"],
            contact=data["contact"],
            consent_version=data["consent_version"],
            user=_user(request),
            language=get_language() or settings.LANGUAGE_CODE,
            at=timezone.now(),
        )
    except RuleViolation as no:
        form.add_error(None, no.text)
        return _guest_page(request, forum, form, HTTPStatus(no.status))
    # The same for who was registered already: nobody learns here who that is.
    text = _("Your registration has arrived. The confirmation is on its way to your mail address.")
    if forum.places is not None:
        text = _(
            "Your registration has arrived. The mail on its way to you says whether you have a place or wait for one."
        )
    messages.success(request, text)
    return redirect("forums:register", forum.pk)


def _guest_page(
    request: HttpRequest, forum: Forum, form: GuestForm, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    user = _user(request)
    mine: list[Registration] = []
    if user is not None:
        rows = forum.registrations.filter(user=user, role=AttendeeRole.GUEST)
        mine = list(rows.exclude(status=RegistrationStatus.CANCELLED))
    context = {**_facts(forum), "guest_form": form, "mine": mine}
    return render(request, PAGE, context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """A guest's own registration, by the link in their mail; sent, it is cancelled. 404 for anything else."""
    found = registration_of(token)
    if found is None or found.member_id is not None or not found.contact:
        raise Http404
    said, status = "", HTTPStatus.OK
    if request.method == "POST" and found.status == RegistrationStatus.CANCELLED:
        # Pressed twice: what was wanted is so.
        messages.success(request, _("Your registration is cancelled. Thank you for telling us."))
        return redirect("forums:registration", token)
    if request.method == "POST":
        try:
            cancel_registration(registration_id=found.pk, actor=_user(request), at=timezone.now())
        except RuleViolation as no:
            said, status = no.text, HTTPStatus(no.status)
        else:
            messages.success(request, _("Your registration is cancelled. Thank you for telling us."))
            return redirect("forums:registration", token)
    forum = found.forum
    context = {
        **_facts(forum),
        "registration": found,
        "said": said,
        "is_held": found.status in {RegistrationStatus.REGISTERED, RegistrationStatus.WAITING},
    }
    response = render(request, "forums/registration.html", context, status=status)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
