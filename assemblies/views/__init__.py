"""Pages of assemblies: what is decided, the items side by side, the ballot, the receipt, the result."""

from assemblies.views.reading import assembly_list, assembly_page, compare_page
from assemblies.views.results import result_csv, result_page
from assemblies.views.voting import ballot_page, cast, check_page, receipt_page

__all__ = [
    "assembly_list",
    "assembly_page",
    "ballot_page",
    "cast",
    "check_page",
    "compare_page",
    "receipt_page",
    "result_csv",
    "result_page",
]
