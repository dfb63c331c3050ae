"""Pages of rule sets and of the library."""

from ordinances.views.library import compare_page, ordinance_list, ordinance_page, version_page
from ordinances.views.rule_sets import rule_set_page

__all__ = ["compare_page", "ordinance_list", "ordinance_page", "rule_set_page", "version_page"]
