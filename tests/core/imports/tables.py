"""Files for tests of imports, and the way of an import in one call."""

import csv
import io
from datetime import date, timedelta

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from core.jobs.imports import services
from core.jobs.imports.importers import importer_called
from core.jobs.imports.models import ImportRun
from tests.factories import NOON

HEADINGS = ["지역", "직위", "성명", "한자", "임기", "시작일", "종료일", "비고"]


def term(region, name="홍길동", *, office="구청장", since=date(2010, 7, 1), until=date(2014, 7, 1), term="민선5기"):
    """A row of a list of heads."""
    return [region, office, name, "洪吉童", term, since, until, ""]


def xlsx(rows, headings=HEADINGS, *, change=None):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([headings] if headings else []) + list(rows):
        sheet.append(row)
    if change:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def csv_text(rows, headings=HEADINGS, *, delimiter=","):
    target = io.StringIO()
    writer = csv.writer(target, delimiter=delimiter)
    writer.writerow(headings)
    writer.writerows(rows)
    return target.getvalue()


def uploaded(content, name="list.xlsx"):
    return SimpleUploadedFile(name, content)


class Imports:
    """Imports of one account; jobs run when the transaction of the order is over."""

    def __init__(self, owner, commits, importer="residents.office-terms"):
        self.owner, self.commits, self.importer = owner, commits, importer
        self.at = NOON

    def bring(self, content, name="list.xlsx"):
        with self.commits(execute=True):
            return services.take_upload(
                importer=importer_called(self.importer), file=uploaded(content, name), owner=self.owner, at=self.at
            )

    def check(self, run, mapping=None, heading_row=None):
        with self.commits(execute=True):
            services.order_check(
                run_id=run.pk,
                mapping=run.mapping if mapping is None else mapping,
                heading_row=heading_row or run.heading_row,
                actor=self.owner,
                at=self.at,
            )
        return self.fresh(run)

    def confirm(self, run, *, only_right=False, seen=None):
        with self.commits(execute=True):
            services.confirm_import(
                run_id=run.pk,
                only_right=only_right,
                seen=run.checks if seen is None else seen,
                actor=self.owner,
                at=self.at + timedelta(minutes=1),
            )
        return self.fresh(run)

    def checked(self, content, name="list.xlsx"):
        return self.check(self.bring(content, name))

    def written(self, content, *, only_right=False):
        return self.confirm(self.checked(content), only_right=only_right)

    def fresh(self, run):
        return ImportRun.objects.select_related("job__file").get(pk=run.pk)
