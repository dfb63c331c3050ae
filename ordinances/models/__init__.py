"""Ordinances with their versions, and rule sets as dated data."""

from ordinances.models.library import Article, Ordinance, OrdinanceLink, OrdinanceVersion
from ordinances.models.rule_sets import Rule, RuleKind, RuleSet

__all__ = ["Article", "Ordinance", "OrdinanceLink", "OrdinanceVersion", "Rule", "RuleKind", "RuleSet"]
