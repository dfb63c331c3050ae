"""Every write of this app.

- certificates.py: issue and withdraw;
- papers.py: forms of offices, and what was signed outside.
"""

from reports.services.certificates import issue_certificate, withdraw_certificate
from reports.services.papers import add_form, bring_back_form, fill_form, map_form, record_signed_document, retire_form

__all__ = [
    "add_form",
    "bring_back_form",
    "fill_form",
    "issue_certificate",
    "map_form",
    "record_signed_document",
    "retire_form",
    "withdraw_certificate",
]
