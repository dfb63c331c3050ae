"""The desk's lists of people and places.

Verification stands in verification.py, accounts and roles in accounts.py, regions and terms of office in places.py.
"""

from residents.admin.accounts import AccountAdmin, ConsentAdmin, RoleAdmin
from residents.admin.places import OfficeTermAdmin, RegionAdmin
from residents.admin.verification import ResidenceAdmin

__all__ = ["AccountAdmin", "ConsentAdmin", "OfficeTermAdmin", "RegionAdmin", "ResidenceAdmin", "RoleAdmin"]
