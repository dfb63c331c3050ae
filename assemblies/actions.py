"""What the acts of this app are called in the audit log."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "assemblies.assembly_created": _("Assembly made"),
    "assemblies.assembly_changed": _("Assembly changed"),
    "assemblies.assembly_announced": _("Assembly announced"),
    "assemblies.assembly_concluded": _("Assembly concluded"),
    "assemblies.assembly_cancelled": _("Assembly called off"),
    "assemblies.item_added": _("Agenda item added"),
    "assemblies.item_changed": _("Agenda item changed"),
    "assemblies.item_removed": _("Agenda item taken off"),
    "assemblies.agenda_ordered": _("Agenda ordered anew"),
    "assemblies.roll_built": _("Voter roll built"),
    "assemblies.roll_entry_added": _("Person put on the voter roll"),
    "assemblies.roll_references_added": _("Persons without an account put on the voter roll"),
    "assemblies.roll_entry_removed": _("Person taken off the voter roll"),
    "assemblies.poll_created": _("Poll made"),
    "assemblies.poll_changed": _("Poll changed"),
    "assemblies.poll_ballot_set": _("Ballot put together"),
    "assemblies.poll_scheduled": _("Poll announced"),
    "assemblies.poll_unscheduled": _("Announcement of a poll taken back"),
    "assemblies.poll_opened": _("Voting opened"),
    "assemblies.poll_closed": _("Voting closed"),
    "assemblies.poll_counted": _("Poll counted"),
    "assemblies.poll_published": _("Result published"),
    "assemblies.poll_objection_raised": _("Objection to a result noted"),
    "assemblies.poll_objection_settled": _("Objection to a result settled"),
    "assemblies.poll_halted": _("Poll halted"),
}
