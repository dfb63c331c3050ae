"""Why a file or a cell cannot be used, in sentences."""

from django.utils.translation import gettext as _

from core.tables import Flaw, Reason, UnreadableError


def reason_in_words(error: UnreadableError) -> str:
    """What is wrong with the file, and what to do."""
    sentences = {
        Reason.EMPTY: _("The file is empty."),
        Reason.NOT_A_TABLE: _("This file is no table. Please save the table as an Excel file (XLSX) or as CSV."),
        Reason.OLD_FORMAT: _("This is an old format such as XLS. Please save the table as an Excel file (XLSX)."),
        Reason.ENCRYPTED: _("The file is locked with a password. Please save it without one."),
        Reason.MACROS: _("The file holds macros. Please save it as an Excel file without macros (XLSX)."),
        Reason.TOO_LARGE: _("Unpacked, the file is too large. Please divide the table, and take pictures out."),
        Reason.TOO_WIDE: _("The table has too many columns."),
        Reason.DAMAGED: _("The file is damaged. Please open it in your program, save it again and send it once more."),
        Reason.ENCODING: _("The letters of the file cannot be read. Please save it as CSV with UTF-8, or as XLSX."),
        Reason.OPEN_QUOTE: _("A quotation mark is opened and never closed."),
    }
    sentence = sentences[error.reason]
    if error.row:
        return _("%(sentence)s Row: %(row)s") % {"sentence": sentence, "row": error.row}
    return sentence


def flaw_in_words(flaw: Flaw) -> str:
    """What is wrong with the cell."""
    return {
        Flaw.ERROR: _("The cell holds an error of the table program such as #N/A, or a day that does not exist."),
        Flaw.NO_RESULT: _("The cell holds a formula without its result. Please write the value itself."),
        Flaw.UNPRINTABLE: _("The cell holds signs that cannot be shown. Please type it anew."),
        Flaw.TOO_LONG: _("The text is far too long."),
        Flaw.MERGED: _(
            "The cell is merged with the one above it. Please unmerge them and write the value into each row."
        ),
    }[flaw]
