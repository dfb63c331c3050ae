"""The steps of an assembly: announcing, concluding, calling off."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assemblies.admin.forms import PlacesForm, ReasonForm
from assemblies.admin.roll_facts import ROLL_ACTS, build_consequences
from assemblies.admin.rule_help import announcing_help, voters_help
from assemblies.admin.scope import desk_url
from assemblies.models import Assembly
from assemblies.services import announce_assembly, cancel_assembly, conclude_assembly, order_agenda
from assemblies.states import AssemblyKind, AssemblyStatus, PollStatus
from residents.desk import Act
from residents.desk.acts import current_user


def _polls_to_announce(assembly: Assembly) -> SafeString:
    """Links to the polls that are still in preparation, in the order in which they open; empty if there are none."""
    polls = assembly.polls.filter(status=PollStatus.PREPARING).order_by("opens_at", "pk")
    return format_html_join(
        ", ", '<a href="{}">{}</a>', ((desk_url("poll_change", poll), poll.title) for poll in polls)
    )


def _announce(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    del data
    announced = announce_assembly(assembly_id=assembly.pk, actor=current_user(request), at=timezone.now())
    if polls := _polls_to_announce(announced):
        text = _("The assembly is announced and public. Next come its voter roll and the announcement of: {polls}")
        return format_html(text, polls=polls)
    return _("The assembly is announced and public. Next come its voter roll and the announcement of its polls.")


def _conclude(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    del data
    conclude_assembly(assembly_id=assembly.pk, actor=current_user(request), at=timezone.now())
    return _("The assembly is concluded. Its agenda and its results stay public.")


def _cancel(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    cancel_assembly(assembly_id=assembly.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The assembly is called off, and the reason is public.")


def _order(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    order_agenda(assembly_id=assembly.pk, items=data["items"], actor=current_user(request), at=timezone.now())
    return _("The agenda is ordered anew.")


def _order_form(_request: HttpRequest, assembly: Assembly, data: Mapping[str, Any] | None) -> forms.Form:
    items = list(assembly.agenda.order_by("number"))
    return PlacesForm(data, items=items, places={item.pk: item.number for item in items}, all_placed=True)


ACTS = (
    Act(
        name="order",
        label=gettext_lazy("Order the agenda"),
        permission="assemblies.order_agenda",
        run=_order,
        question=gettext_lazy("Give each item its place on the agenda: 1 stands first."),
        make_form=_order_form,
        available=lambda assembly: assembly.status in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED},
    ),
    Act(
        name="announce",
        label=gettext_lazy("Announce the assembly"),
        permission="assemblies.announce_assembly",
        run=_announce,
        question=gettext_lazy("Announce this assembly?"),
        available=lambda assembly: assembly.status == AssemblyStatus.PREPARING,
    ),
    *ROLL_ACTS,
    Act(
        name="conclude",
        label=gettext_lazy("Conclude the assembly"),
        permission="assemblies.conclude_assembly",
        run=_conclude,
        question=gettext_lazy("Conclude this assembly?"),
        available=lambda assembly: assembly.status == AssemblyStatus.ANNOUNCED,
    ),
    Act(
        name="cancel",
        label=gettext_lazy("Call the assembly off"),
        permission="assemblies.cancel_assembly",
        run=_cancel,
        question=gettext_lazy("Call this assembly off?"),
        form=ReasonForm,
        available=lambda assembly: assembly.status in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED},
        danger=True,
    ),
)

POSSIBLE_WHEN = {
    "order": gettext_lazy("until the assembly is concluded or called off"),
    "announce": gettext_lazy("while the assembly is being prepared, once nothing stands in the way any more"),
    "build-roll": gettext_lazy("until a residents’ assembly is concluded or called off"),
    "add-person": gettext_lazy("until the assembly is concluded or called off"),
    "add-pupils": gettext_lazy("until a school assembly is concluded or called off"),
    "conclude": gettext_lazy("once the assembly is announced, its day has come, and every poll is published or halted"),
    "cancel": gettext_lazy("until the assembly is concluded"),
}


def consequences(assembly: Assembly, act: str, at: datetime) -> list[str]:
    """What follows from an act, said before it is taken."""
    if (
        act == "build-roll"
        and assembly.kind == AssemblyKind.RESIDENTS
        and assembly.status in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}
    ):
        return build_consequences(assembly, at)
    texts = {
        "add-person": voters_help(assembly, at) if assembly.kind == AssemblyKind.RESIDENTS else [],
        "announce": [
            *announcing_help(assembly, timezone.localdate(at)),
            _("Everybody can read the assembly and its agenda from now on."),
            _("The rule set and what is decided stay as they are; day, place and description can still change."),
            _("Items can still be added, but none can be taken off any more. An announcement cannot be taken back."),
        ],
        "conclude": [
            _("Nothing about this assembly can be changed afterwards. Agenda and results stay public."),
            _("This cannot be taken back."),
        ],
        "cancel": [
            _("The reason is published, and nobody can vote in this assembly any more."),
            _("This cannot be taken back. A new assembly can be made instead."),
        ],
    }
    return texts.get(act, [])


def next_step(assembly: Assembly) -> str:
    """One sentence: where the assembly stands and what comes next, with links to polls that wait for that."""
    if assembly.status == AssemblyStatus.ANNOUNCED and (polls := _polls_to_announce(assembly)):
        return format_html(_("The assembly is public. These polls still have to be announced: {polls}"), polls=polls)
    return {
        AssemblyStatus.PREPARING: _(
            "The assembly is being prepared and is not public yet. Next come its agenda, its poll and its voter roll; "
            "then announce it."
        ),
        AssemblyStatus.ANNOUNCED: _(
            "The assembly is public. Announce its polls, and conclude it when every result is published."
        ),
        AssemblyStatus.CONCLUDED: _("The assembly is concluded. Nothing waits here any more."),
        AssemblyStatus.CANCELLED: _("The assembly was called off. Reason: %(reason)s")
        % {"reason": assembly.cancelled_because},
    }[AssemblyStatus(assembly.status)]
