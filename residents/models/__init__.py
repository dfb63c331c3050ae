"""Regions, people, their residence and roles, elected heads."""

from residents.models.consents import Consent, GuardianConsent
from residents.models.elections import LocalElection
from residents.models.offices import OfficeTerm
from residents.models.regions import Region
from residents.models.residence import Residence, ResidentProfile
from residents.models.roles import RoleAssignment
from residents.models.users import User

__all__ = [
    "Consent",
    "GuardianConsent",
    "LocalElection",
    "OfficeTerm",
    "Region",
    "Residence",
    "ResidentProfile",
    "RoleAssignment",
    "User",
]
