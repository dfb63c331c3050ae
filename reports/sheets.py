"""Tables of a report as XLSX, a sheet for each, and as CSV.

Texts, lists and pictures have no place in a sheet: of them the sheet that says what this is tells the titles only.
"""

import csv
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import RuleViolation
from core.sheets import FORMULA_SIGNS, Column, Form, Part, Value, write_parts
from reports.content import Cell, Report, Table, Unit

MADE_BY = "Madang"
FORMS = {Unit.PLAIN: Form.PLAIN, Unit.COUNT: Form.COUNT, Unit.WON: Form.WON}


def write_xlsx(report: Report, target: Path, tell: Callable[[int, str], None]) -> None:
    """Write each table as a sheet, and before them a sheet that says what this is.

    Raises RuleViolation if there is no table.
    """
    tables = report.tables()
    if not tables:
        raise RuleViolation(
            _("There is no table in this document, so that nothing would stand in an Excel file."), code="no_table"
        )
    tell(20, _("Writing the tables"))
    names = [_table_name(table, number) for number, table in enumerate(tables, start=1)]
    parts = [
        Part(
            title=name,
            columns=[Column(column.name, FORMS[column.unit]) for column in table.columns],
            rows=table.rows,
            total=table.total,
        )
        for name, table in zip(names, tables, strict=True)
    ]
    with target.open("wb") as file:
        write_parts(
            file,
            parts,
            title=report.title,
            about_title=_("About this document"),
            about=_about(report, names),
            words=(_("yes"), _("no")),
            zone=timezone.get_current_timezone(),
            made=MADE_BY,
        )


def _about(report: Report, names: Sequence[str]) -> list[tuple[str, Value]]:
    """What stands on the first sheet."""
    lines: list[tuple[str, Value]] = [(_("Document"), report.title)]
    if report.subtitle:
        lines.append(("", report.subtitle))
    if report.publisher:
        lines.append((_("Published by"), report.publisher))
    if report.issued_on:
        lines.append((pgettext("document", "Date"), report.issued_on))
    lines += list(report.imprint)
    if report.serial:
        lines.append((_("Serial number"), report.serial))
    if report.code:
        lines.append((_("Code to verify"), report.code))
    for name, table in zip(names, report.tables(), strict=True):
        rows = _("%(rows)s rows") % {"rows": f"{len(table.rows):,}"}
        lines.append((_("Table"), f"{name} · {rows}"))
        if table.note:
            lines.append(("", table.note))
    return lines


def _table_name(table: Table, number: int) -> str:
    return table.caption or _("Table %(number)s") % {"number": number}


def write_csv(report: Report, target: Path) -> None:
    """Write the one table as UTF-8 with a mark for Excel; lines end as its standard says (RFC 4180).

    Raises RuleViolation unless there is exactly one table.
    """
    tables = report.tables()
    if len(tables) != 1:
        raise RuleViolation(
            _("A CSV file holds one table, and this document has %(tables)s. Please take the Excel file.")
            % {"tables": len(tables)},
            code="not_one_table",
        )
    table = tables[0]
    # Excel takes a file without the mark for one in the machine's own old encoding.
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([as_csv(column.name) for column in table.columns])
        writer.writerows([as_csv(cell) for cell in row] for row in table.rows)
        if table.total:
            writer.writerow([as_csv(cell) for cell in table.total])


def as_csv(cell: Cell) -> str | int:
    """A cell for programs: dates as ISO, numbers bare; a text that a spreadsheet would calculate is guarded."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    if isinstance(cell, datetime):
        local = timezone.localtime(cell) if timezone.is_aware(cell) else cell
        return local.isoformat(sep=" ", timespec="minutes")[:16]
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int):
        return cell
    return f"'{cell}" if cell.startswith(FORMULA_SIGNS) else cell
