"""What a verification found, in sentences."""

from django.utils.translation import gettext as _

from core.audit.chain import Broken, Fault


def fault_in_words(broken: Broken) -> str:
    """One sentence that says which link is broken and how."""
    sentences = {
        Fault.CHANGED_ENTRY: _("The entry at position %(position)s is not the one that was sealed there."),
        Fault.MISSING_ENTRY: _("The entry at position %(position)s has been removed."),
        Fault.MISSING_SEAL: _("The seal at position %(position)s is missing."),
        Fault.WRONG_ORDER: _("The seal at position %(position)s stands in the wrong order."),
        Fault.OTHER_HISTORY: _("Position %(position)s had another digest when it was written down."),
        Fault.CUT_OFF: _("The log ends before position %(position)s: its end has been cut off."),
    }
    return sentences[broken.fault] % {"position": broken.position}
