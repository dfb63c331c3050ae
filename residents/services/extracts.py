"""Files with data of persons that leave the desk: for which purpose, how much, how often."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from core.audit.models import AccessAct, AccessEntry
from core.audit.services import log_access, record
from core.errors import RuleViolation
from residents.models import User
from residents.persons import holds_a_number

MOST_ROWS = 50_000
FILES_AN_HOUR = 20
LONGEST_PURPOSE = 200
LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Extract:
    """What is taken: rows of which list, of which region ("" for several), limited by which filters (their names)."""

    model: type[Model]
    what: str
    scope: str
    filters: Sequence[str]


def refuse_too_many_rows(rows: int) -> None:
    """Raises RuleViolation if a list is longer than one file may be."""
    if rows > MOST_ROWS:
        raise RuleViolation(
            _(
                "This list has %(rows)s rows, and a file takes %(most)s at most. "
                "Please narrow the list down by its filters first."
            )
            % {"rows": f"{rows:,}", "most": f"{MOST_ROWS:,}"},
            code="too_many_rows",
        )


def refuse_extract(*, actor: User, purpose: str, rows: int, at: datetime) -> None:
    """Raises RuleViolation without a purpose, for too many rows, or after too many files within the last hour."""
    # Signs without a shape, such as a space of no width, are no purpose either.
    if sum(map(str.isalpha, purpose)) < LEAST_LETTERS or len(purpose) > LONGEST_PURPOSE:
        raise RuleViolation(_("Please say in one sentence what the file is needed for."), code="purpose_missing")
    if holds_a_number(purpose):
        raise RuleViolation(_("Please leave numbers of persons and documents out of the purpose."), code="number")
    refuse_too_many_rows(rows)
    taken = AccessEntry.objects.filter(
        account=actor.pseudonym, act=AccessAct.DOWNLOAD, at__gt=at - timedelta(hours=1), at__lte=at
    )
    if taken.count() >= FILES_AN_HOUR:
        raise RuleViolation(
            _("You have taken %(most)s files with personal data within one hour. Please come back later.")
            % {"most": FILES_AN_HOUR},
            code="too_many_files",
            status=HTTPStatus.TOO_MANY_REQUESTS,
        )


@transaction.atomic
def record_extract(  # noqa: PLR0913 - an extract has this many facts
    *, extract: Extract, rows: int, purpose: str, actor: User, address: str, at: datetime
) -> None:
    """Note that a file with `rows` rows goes out: in the access log with its purpose, in the audit log without.

    Called before the file is handed over, so that none goes out without a trace. Raises RuleViolation as
    `refuse_extract`: of two files asked for at once, the one too many stays here.
    """
    User.objects.select_for_update().get(pk=actor.pk)
    refuse_extract(actor=actor, purpose=purpose, rows=rows, at=at)
    log_access(
        account=actor,
        act=AccessAct.DOWNLOAD,
        what=extract.what,
        at=at,
        count=rows,
        reason=purpose.strip(),
        address=address,
        scope=extract.scope,
    )
    record(
        actor=actor,
        action="residents.list_taken_out",
        target=extract.model,
        scope=extract.scope,
        details={"rows": rows, "filters": sorted(extract.filters)},
        at=at,
    )
