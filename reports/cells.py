"""How a cell of a table is written for people, the same in every printed format."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports.content import Align, Cell, Column, Unit


def as_text(cell: Cell, unit: Unit) -> str:
    """A cell as it is read on paper: 2019. 6. 18., 1,234, 3,000원."""  # korean: how an amount is written
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime):
        moment = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        return date_format(moment, "DATETIME_FORMAT")
    if isinstance(cell, date):
        return date_format(cell, "DATE_FORMAT")
    if isinstance(cell, int):
        return _as_number(cell, unit)
    return cell


def _as_number(number: int, unit: Unit) -> str:
    if unit is Unit.PLAIN:
        return str(number)
    return _("%(amount)s won") % {"amount": f"{number:,}"} if unit is Unit.WON else f"{number:,}"


def alignment(column: Column, cell: Cell) -> Align:
    """Where a cell stands: amounts and counts at the right, where nothing else was said."""
    is_number = isinstance(cell, int) and not isinstance(cell, bool)
    return Align.RIGHT if is_number and column.align is Align.LEFT else column.align
