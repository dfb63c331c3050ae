"""Acts: a step an official takes on one thing, or on several chosen in a list.

An act has an address below its thing (`…/<pk>/<name>/`). GET asks back, with the form of what the service needs
besides; POST calls the service. The button is shown only where the act is allowed and possible; whoever may not do it
gets 404, and a RuleViolation is shown on the same page with its own status, with nothing changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.utils import quote, unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.audit.models import AccessAct
from core.errors import RuleViolation
from residents.models import User

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin


def current_user(request: HttpRequest) -> User:
    """The official behind this request. The desk's door lets nobody else through."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _always(_obj: Any) -> bool:
    return True


def _form_for(form: type[forms.Form]) -> Callable[[HttpRequest, Any, Mapping[str, Any] | None], forms.Form]:
    def build(_request: HttpRequest, _obj: Any, data: Mapping[str, Any] | None) -> forms.Form:
        return form(data)

    return build


@dataclass(frozen=True, slots=True)
class Act:
    """One act.

    name: last part of the address, and of the bulk action's name.
    label: the words on the button, a verb.
    permission: "app.verb_model", asked with the thing.
    run: (request, obj, cleaned data) → sentence about what was done; calls the service.
    question: what the confirmation page says before the button.
    bulk_question: the same for several things at once.
    form: what the service needs besides.
    make_form: (request, obj, data or None) → form, where the form depends on the thing; else `form` is used.
    available: whether the thing's state offers the act now (only for showing the button; the service decides).
    bulk: also offered for several rows of the list; a form made by `make_form` is then made without a thing.
    danger: cannot be taken back; the button says so by its class.
    then: (thing, cleaned data) → the thing whose page comes next, where that is not the same one; None for the list.
    """

    name: str
    label: str | Promise
    permission: str
    run: Callable[[HttpRequest, Any, dict[str, Any]], str]
    question: str | Promise = ""
    bulk_question: str | Promise = ""
    form: type[forms.Form] = forms.Form
    make_form: Callable[[HttpRequest, Any, Mapping[str, Any] | None], forms.Form] | None = None
    available: Callable[[Any], bool] = _always
    bulk: bool = False
    danger: bool = False
    then: Callable[[Any, dict[str, Any]], Any] | None = None

    def form_for(self, request: HttpRequest, obj: Any, data: Mapping[str, Any] | None = None) -> forms.Form:
        """The form of this act, filled from `data` if something was sent."""
        return (self.make_form or _form_for(self.form))(request, obj, data)


@dataclass(frozen=True, slots=True)
class OfferedAct:
    """An act as a button: its words and its address."""

    act: Act
    url: str


# So many at once go through one request; each is a service call with its entry in the log.
MOST_AT_ONCE = 500
# Up to so many chosen are all named before the act; of more, the first few.
ALL_NAMED_UP_TO, FIRST_NAMED = 100, 20
# After the act: so many names for each thing that stood in the way.
NAMED_AS_REFUSED = 5


class OffersActs(_ModelAdmin):
    """The part of a desk's list and form that offers acts."""

    acts: ClassVar[Sequence[Act]] = ()
    act_template: ClassVar[str] = "admin/act.html"
    bulk_template: ClassVar[str] = "admin/bulk_act.html"

    def log_reading(self, request: HttpRequest, obj: Any, act: AccessAct = AccessAct.READ) -> None:
        raise NotImplementedError

    def named(self, obj: Any) -> str:
        """What titles and lists of chosen things call this one: never with data of persons in full."""
        return str(obj)

    def named_among_others(self, obj: Any) -> str:
        """The same where this one stands among others, or where a step is confirmed: with what it belongs to."""
        return self.named(obj)

    def address(self, name: str, obj: Any = None) -> str:
        """Address of a page of this list: "changelist", "change", "history" or an act's name."""
        args = [] if obj is None else [quote(obj.pk)]
        return reverse(f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_{name}", args=args)

    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<path:object_id>/{act.name}/",
                self.admin_site.admin_view(partial(self.act_view, act=act)),
                name=f"{self.opts.app_label}_{self.opts.model_name}_{act.name}",
            )
            for act in self.acts
        ]
        return own + super().get_urls()

    def offered_acts(self, request: HttpRequest, obj: Any) -> list[OfferedAct]:
        """The acts that are allowed and possible now, in their order."""
        user = current_user(request)
        return [
            OfferedAct(act, self.address(act.name, obj))
            for act in self.acts
            if act.available(obj) and user.has_perm(act.permission, obj)
        ]

    def act_view(self, request: HttpRequest, object_id: str, act: Act) -> HttpResponse:
        """Ask back, then act. Raises Http404 for things and acts that are not theirs."""
        obj = self.get_object(request, unquote(object_id))
        if not current_user(request).has_perm(act.permission, obj):
            raise Http404
        status = HTTPStatus.OK
        if request.method == "POST":
            form = act.form_for(request, obj, request.POST)
            status = HTTPStatus.BAD_REQUEST
            if form.is_valid():
                try:
                    with transaction.atomic():
                        done = act.run(request, obj, form.cleaned_data)
                        self.log_reading(request, obj, AccessAct.CHANGE)
                except RuleViolation as violation:
                    form.add_error(None, violation.text)
                    status = HTTPStatus(violation.status)
                else:
                    self.message_user(request, done, messages.SUCCESS)
                    following = act.then(obj, form.cleaned_data) if act.then else obj
                    return redirect(self.address("change", following) if following else self.address("changelist"))
        elif not act.available(obj):
            text = _("This step is not possible now. Please look at the present state.")
            raise RuleViolation(text, code="wrong_state")
        else:
            form = act.form_for(request, obj)
        self.log_reading(request, obj)
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "subtitle": self.named_among_others(obj),
            "act": act,
            "form": form,
            "object": obj,
            "opts": self.opts,
            "back_url": self.address("change", obj),
        }
        return TemplateResponse(request, self.act_template, context, status=status)

    # --- several at once ----------------------------------------------------------------------------------------------

    def get_actions(self, request: HttpRequest) -> Any:
        actions: dict[str, Any] = super().get_actions(request)
        user = current_user(request)
        for act in self.acts:
            if act.bulk and user.has_perm(act.permission):
                actions[act.name] = (self._bulk_action(act), act.name, act.label)
        return actions

    def _bulk_action(self, act: Act) -> Callable[..., HttpResponse | None]:
        def bulk(_modeladmin: object, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
            return self.bulk_view(request, list(queryset[: MOST_AT_ONCE + 1]), act)

        return bulk

    def bulk_view(self, request: HttpRequest, chosen: list[Any], act: Act) -> HttpResponse | None:
        """Ask back for all chosen rows, then act on each by itself and say what became of it.

        The page that asks back sends exactly the rows that it named: what came to the list since is not acted on.
        """
        user = current_user(request)
        if not all(user.has_perm(act.permission, obj) for obj in chosen):
            raise Http404
        if len(chosen) > MOST_AT_ONCE:
            raise RuleViolation(
                _("More than %(most)s entries were chosen. Please choose fewer, for example by the list’s filters.")
                % {"most": MOST_AT_ONCE},
                code="too_many_rows",
            )
        if not chosen:
            self.message_user(request, _("What was chosen is no longer in this list. Nothing was changed."))
            return None
        confirmed = "confirmed" in request.POST
        form = act.form_for(request, None, request.POST if confirmed else None)
        if confirmed and form.is_valid():
            self._act_on_each(request, chosen, act, form.cleaned_data)
            return None
        shown = chosen if len(chosen) <= ALL_NAMED_UP_TO else chosen[:FIRST_NAMED]
        possible = sum(act.available(obj) for obj in chosen)
        context = {
            **self.admin_site.each_context(request),
            "title": act.label,
            "act": act,
            "form": form,
            "chosen": chosen,
            "names": [self.named_among_others(obj) for obj in shown],
            "not_named": len(chosen) - len(shown),
            "possible": possible,
            "not_possible": len(chosen) - possible,
            "checkbox_name": helpers.ACTION_CHECKBOX_NAME,
            "opts": self.opts,
            # With the filters that the rows were chosen under.
            "back_url": request.get_full_path(),
        }
        status = HTTPStatus.BAD_REQUEST if confirmed else HTTPStatus.OK
        return TemplateResponse(request, self.bulk_template, context, status=status)

    def _act_on_each(self, request: HttpRequest, chosen: list[Any], act: Act, data: dict[str, Any]) -> None:
        """Act on each row for itself; what a rule refuses is said once for each reason.

        Rows whose state no longer offers the act are left alone, so that the same form sent twice does nothing more.
        """
        done = 0
        refused: dict[str, list[str]] = {}
        for obj in chosen:
            if not act.available(obj):
                text = _("This step is not possible now, or it has been taken already.")
                refused.setdefault(text, []).append(self.named_among_others(obj))
                continue
            try:
                with transaction.atomic():
                    act.run(request, obj, data)
                    self.log_reading(request, obj, AccessAct.CHANGE)
            except RuleViolation as violation:
                refused.setdefault(violation.text, []).append(self.named_among_others(obj))
            else:
                done += 1
        if done:
            text = ngettext("%(count)s entry was changed.", "%(count)s entries were changed.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
        for reason, names in refused.items():
            text = ngettext(
                "%(count)s entry stayed as it was. %(reason)s (%(names)s)",
                "%(count)s entries stayed as they were. %(reason)s (%(names)s)",
                len(names),
            )
            few = ", ".join(names[:NAMED_AS_REFUSED]) + (" …" if len(names) > NAMED_AS_REFUSED else "")
            self.message_user(request, text % {"count": len(names), "reason": reason, "names": few}, messages.WARNING)
