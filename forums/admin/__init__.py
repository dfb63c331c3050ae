"""The secretariat's desk, by noun. What the lists share: scope.py, choices.py."""

# --- members and applications ---
from forums.admin import (
    applications,
    dues,
    event_parts,
    forums,
    governance,
    members,
    officers,
    publications,
    registrations,
)

__all__ = [
    "applications",
    "dues",
    "event_parts",
    "forums",
    "governance",
    "members",
    "officers",
    "publications",
    "registrations",
]
