"""The desk's lists of people and places.

Verification stands in verification.py, accounts and roles in accounts.py, regions and terms of office in places.py,
the logs in residents/audit_admin.py.
"""

from residents.admin.accounts import AccountAdmin, ConsentAdmin, RoleAdmin
from residents.admin.places import OfficeTermAdmin, RegionAdmin
from residents.admin.verification import ResidenceAdmin
from residents.audit_admin import AccessEntryAdmin, AccessReviewAdmin, AuditEntryAdmin

__all__ = [
    "AccessEntryAdmin",
    "AccessReviewAdmin",
    "AccountAdmin",
    "AuditEntryAdmin",
    "ConsentAdmin",
    "OfficeTermAdmin",
    "RegionAdmin",
    "ResidenceAdmin",
    "RoleAdmin",
]
