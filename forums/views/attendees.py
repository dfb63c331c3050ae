"""The list of attendees for members and the secretariat, and books and lists at one click. Each reading is logged."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from forums.attendance import Order
from forums.documents.attendees import NAME as LIST_DOCUMENT
from forums.documents.attendees import ORDERS, PERSONAL_DATA
from forums.documents.book import NAME as BOOK_DOCUMENT
from forums.models import Forum
from forums.permissions import keeps_the_club
from forums.programme_wording import days_in_words, event_label
from forums.queries.forums import as_published, reference_of
from forums.queries.registrations import attendees_of, default_order, places_of, unanswered
from forums.services.admission import remind_unanswered, reminded_at
from forums.states import EventKind, ForumStatus
from reports.orders import order_document
from reports.registry import Format
from residents.models import User


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _forum(request: HttpRequest, pk: int, permission: str) -> Forum:
    """The event, for whom the permission lets; 404 for everybody else."""
    forum = Forum.objects.select_related("host__parent", "meeting").filter(pk=pk).first()
    user = _reader(request)
    if forum is None or not user.has_perm("forums.view_forum", forum) or not user.has_perm(permission, forum):
        raise Http404
    return forum


def _order(request: HttpRequest, forum: Forum) -> Order:
    asked = request.GET.get("order", "")
    if not asked:
        return default_order(forum)
    try:
        return Order(asked)
    except ValueError:
        raise Http404 from None


@never_cache
@require_safe
def attendees(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody who is registered, in one of the orders; to the secretariat also who has not answered."""
    forum = _forum(request, pk, "forums.read_attendees")
    order = _order(request, forum)
    found = attendees_of(forum, order)
    (forum,) = as_published([forum])
    keeps = keeps_the_club(request.user)
    if found.lines:
        log_access(
            account=_reader(request),
            act=AccessAct.LIST,
            what=PERSONAL_DATA,
            at=timezone.now(),
            count=len(found.lines),
            address=client_address(request),
        )
    asks = keeps and forum.status == ForumStatus.PUBLISHED and forum.kind == EventKind.FORUM
    context = {
        "forum": forum,
        "label": event_label(forum.kind, forum.term, forum.number),
        "when": days_in_words(forum.starts_on, forum.ends_on),
        "found": found,
        "groups": [
            (name, lines)
            for name, lines in (
                (_("Heads of local governments"), found.heads),
                (_("Officials"), found.staff),
                (_("Guests"), found.guests),
            )
            if lines
        ],
        "order": order.value,
        "orders": [(value.value, label) for value, label in ORDERS.items()],
        "keeps": keeps,
        "places": places_of(forum),
        "unanswered": list(unanswered(forum)) if asks else [],
        "reminded_at": reminded_at(forum) if asks else None,
        "has_attendance": found.came > 0,
        "document_url": _document_url(forum, order),
    }
    return render(request, "forums/attendees.html", context)


def _document_url(forum: Forum, order: Order) -> str:
    asked = urlencode({"forum": reference_of(forum), "order": order.value})
    return f"{reverse('reports:document', args=[LIST_DOCUMENT])}?{asked}"


@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Write to those who have not answered."""
    forum = _forum(request, pk, "forums.change_forum")
    try:
        members = remind_unanswered(forum_id=forum.pk, actor=_reader(request), at=timezone.now())
    except RuleViolation as no:
        messages.error(request, no.text)
    else:
        text = ngettext("%(count)s member is written to.", "%(count)s members are written to.", members)
        messages.success(request, text % {"count": members})
    return redirect("forums:attendees", forum.pk)


@require_POST
def order_book(request: HttpRequest, pk: int) -> HttpResponse:
    """Order the book of an event with one click; the page of the job shows how far it is."""
    forum = _forum(request, pk, "forums.read_book")
    wanted = Format.HWPX if request.POST.get("format") == Format.HWPX else Format.PDF
    try:
        job = order_document(
            name=BOOK_DOCUMENT,
            values={"forum": reference_of(forum)},
            file_format=wanted,
            owner=_reader(request),
            at=timezone.now(),
        )
    except RuleViolation as no:
        if no.status == HTTPStatus.FORBIDDEN:
            raise Http404 from no
        messages.error(request, no.text)
        return redirect("forums:forum", forum.pk)
    return redirect("jobs:job", job.pk)
