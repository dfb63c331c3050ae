"""Ordinances and rule sets on the desk."""

from ordinances.admin import library, rule_sets

__all__ = ["library", "rule_sets"]
