"""The quota lottery: as fair as the quotas allow, with panels and a proof. Pure: numpy and highspy only."""

from councils.lottery.certificate import check_certificate
from councils.lottery.engine import Lottery, NoPanelError, compute_lottery

__all__ = ["Lottery", "NoPanelError", "check_certificate", "compute_lottery"]
