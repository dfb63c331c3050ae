"""Shared reads of councils, by noun."""

from councils.queries.roster import municipalities_with_councils, roster

__all__ = ["municipalities_with_councils", "roster"]
