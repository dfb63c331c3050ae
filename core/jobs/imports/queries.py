"""Shared reads of imports."""

from collections.abc import Sequence
from typing import Any, cast

from django.db.models import QuerySet

from core.jobs.imports.models import ImportRow, ImportRun
from core.jobs.imports.states import ENDED


def imports_of(user: Any) -> QuerySet[ImportRun]:
    """What this account brought, the newest first."""
    return ImportRun.objects.filter(owner=cast("Any", user)).select_related("job__file").order_by("-uploaded_at")


def open_imports_of(user: Any) -> QuerySet[ImportRun]:
    """Those that are neither written nor thrown away."""
    return imports_of(user).exclude(status__in=ENDED)


def rows_of(run: ImportRun, kinds: Sequence[str] = ()) -> QuerySet[ImportRow]:
    """The rows of the newest check in the order of the file."""
    rows = ImportRow.objects.filter(run=run, check_number=run.checks).order_by("number")
    return rows.filter(kind__in=kinds) if kinds else rows
