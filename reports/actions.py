"""What the audit log calls what is done here."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "reports.built_by_command": _("Document with personal data built by a command"),
    "reports.certificate_issued": _("Certificate issued"),
    "reports.certificate_withdrawn": _("Certificate withdrawn"),
    "reports.form_added": _("Form of an office added"),
    "reports.form_retired": _("Form of an office retired"),
    "reports.form_brought_back": _("Form of an office taken into use again"),
    "reports.form_mapped": _("Fields of a form mapped"),
    "reports.letter_signed": _("Signed letter recorded"),
}
