"""The desk of councils, by noun."""

from councils.admin import (
    applications,
    calls,
    draws,
    education,
    fund,
    meetings,
    members,
    programmes,
    recruitment,
    rollout,
    roster,
    staff,
    subcommittees,
    work,
)

__all__ = [
    "applications",
    "calls",
    "draws",
    "education",
    "fund",
    "meetings",
    "members",
    "programmes",
    "recruitment",
    "rollout",
    "roster",
    "staff",
    "subcommittees",
    "work",
]
