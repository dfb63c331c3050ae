"""Every write on people and their places, named by verb."""

from residents.services.accounts import (
    deactivate_account,
    open_account,
    reactivate_account,
    register_person,
    update_profile,
)
from residents.services.consents import give_consent, withdraw_consent
from residents.services.endings import erase_person, record_death
from residents.services.residence import (
    declare_residence,
    end_residence,
    record_guardian_consent,
    refuse_residence,
    verify_residence,
    withdraw_declaration,
)
from residents.services.roles import end_role, grant_role

__all__ = [
    "deactivate_account",
    "declare_residence",
    "end_residence",
    "end_role",
    "erase_person",
    "give_consent",
    "grant_role",
    "open_account",
    "reactivate_account",
    "record_death",
    "record_guardian_consent",
    "refuse_residence",
    "register_person",
    "update_profile",
    "verify_residence",
    "withdraw_consent",
    "withdraw_declaration",
]
