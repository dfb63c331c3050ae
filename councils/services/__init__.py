"""Every write to councils, by noun. Those of the roster stand here too, where they have always been."""

from councils.services.roster import (
    NO_FIGURES,
    Figures,
    dissolve_council,
    establish_council,
    finish_conversion,
    start_conversion,
    start_first_conversion,
    update_figures,
)

__all__ = [
    "NO_FIGURES",
    "Figures",
    "dissolve_council",
    "establish_council",
    "finish_conversion",
    "start_conversion",
    "start_first_conversion",
    "update_figures",
]
