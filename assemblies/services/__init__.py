"""Every write of assemblies, by noun: the assembly and its agenda, the roll, polls, voting, counting."""

from assemblies.services.agenda import (
    add_agenda_item,
    announce_assembly,
    cancel_assembly,
    change_agenda_item,
    change_assembly,
    conclude_assembly,
    create_assembly,
    order_agenda,
    remove_agenda_item,
)
from assemblies.services.counting import (
    count_poll,
    publish_poll,
    raise_objection,
    settle_objection,
)
from assemblies.services.polls import (
    change_poll,
    close_poll,
    create_poll,
    halt_poll,
    open_poll,
    schedule_poll,
    set_poll_options,
    unschedule_poll,
)
from assemblies.services.rolls import add_references_to_roll, add_to_roll, build_roll, remove_from_roll
from assemblies.services.voting import cast_ballot

__all__ = [
    "add_agenda_item",
    "add_references_to_roll",
    "add_to_roll",
    "announce_assembly",
    "build_roll",
    "cancel_assembly",
    "cast_ballot",
    "change_agenda_item",
    "change_assembly",
    "change_poll",
    "close_poll",
    "conclude_assembly",
    "count_poll",
    "create_assembly",
    "create_poll",
    "halt_poll",
    "open_poll",
    "order_agenda",
    "publish_poll",
    "raise_objection",
    "remove_agenda_item",
    "remove_from_roll",
    "schedule_poll",
    "set_poll_options",
    "settle_objection",
    "unschedule_poll",
]
