"""The desk's lists of people and places.

Verification stands in verification.py, accounts and roles in accounts.py, regions and terms of office in places.py,
the logs in residents/audit_admin.py, jobs in residents/jobs_admin.py,
mailings in residents/notices_admin.py.
"""

from residents.admin.accounts import AccountAdmin, ConsentAdmin, RoleAdmin
from residents.admin.places import LocalElectionAdmin, OfficeTermAdmin, RegionAdmin
from residents.admin.verification import ResidenceAdmin
from residents.audit_admin import AccessEntryAdmin, AccessReviewAdmin, AuditEntryAdmin
from residents.jobs_admin import JobAdmin
from residents.notices_admin import DeliveryAdmin, MailingAdmin

__all__ = [
    "AccessEntryAdmin",
    "AccessReviewAdmin",
    "AccountAdmin",
    "AuditEntryAdmin",
    "ConsentAdmin",
    "DeliveryAdmin",
    "JobAdmin",
    "LocalElectionAdmin",
    "MailingAdmin",
    "OfficeTermAdmin",
    "RegionAdmin",
    "ResidenceAdmin",
    "RoleAdmin",
]
