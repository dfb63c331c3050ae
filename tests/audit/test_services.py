"""The access log: written, reviewed monthly, forgotten after two years."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from core.audit import actions, tasks
from core.audit.models import AccessAct, AccessEntry, AccessReview, AppendOnlyError, AuditEntry
from core.audit.queries import access_entries_of
from core.audit.services import forget_old_access_entries, log_access, record, review_access_log
from core.errors import RuleViolation
from tests.factories import NOON, SEOUL, DongFactory, UserFactory

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 1)


def access(at=NOON, scope="/12/1224/", **fields):
    return log_access(account=UserFactory(), act=AccessAct.READ, what="residence", at=at, scope=scope, **fields)


def review(**changed):
    given = {
        "month": MAY,
        "scope": "/12/",
        "note": "모두 업무에 필요한 열람이었습니다.",
        "actor": UserFactory(),
        "at": NOON,
    }
    return review_access_log(**{**given, **changed})


def test_an_entry_holds_pseudonyms_and_no_names():
    actor, person = UserFactory(), UserFactory()
    record(actor=actor, action="test.done", target=DongFactory(), persons=[person], at=NOON)

    entry = AuditEntry.objects.get()

    assert entry.actor == actor.pseudonym
    assert entry.persons == [str(person.pseudonym)]


def test_an_entry_may_concern_all_of_a_kind():
    record(actor=None, action="test.done", target=AccessEntry, at=NOON)

    assert AuditEntry.objects.values_list("target_type", "target_id").get() == ("audit.AccessEntry", "")


def test_a_download_needs_a_reason():
    with pytest.raises(IntegrityError), transaction.atomic():
        log_access(account=UserFactory(), act=AccessAct.DOWNLOAD, what="roll", at=NOON)


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        (datetime(2026, 4, 30, 23, 59, 59, tzinfo=SEOUL), False),
        (datetime(2026, 5, 1, tzinfo=SEOUL), True),
        (datetime(2026, 5, 31, 23, 59, 59, tzinfo=SEOUL), True),
        (datetime(2026, 6, 1, tzinfo=SEOUL), False),
    ],
)
def test_a_month_is_a_month_of_the_local_calendar(at, inside):
    access(at)

    assert access_entries_of(month=MAY, scope="").exists() is inside


@pytest.mark.parametrize("month", range(1, 13))
def test_months_neither_overlap_nor_leave_a_gap(month):
    start = datetime(2024, month, 1, tzinfo=SEOUL)
    access(start)
    access(start - timedelta(microseconds=1))

    assert access_entries_of(month=date(2024, month, 20), scope="").count() == 1


def test_a_review_says_who_looked_at_how_much():
    access(NOON - timedelta(days=5))
    access(NOON - timedelta(days=5), scope="/30/")
    actor = UserFactory()

    done = review(actor=actor, month=date(2026, 5, 17))

    assert (done.month, done.scope, done.entries, done.reviewer) == (MAY, "/12/", 1, actor.pseudonym)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.target_id, entry.scope) == ("audit.access_log_reviewed", str(done.pk), "/12/")


def test_a_month_that_is_not_over_cannot_be_reviewed():
    with pytest.raises(RuleViolation) as no:
        review(at=datetime(2026, 5, 31, 23, 59, tzinfo=SEOUL))

    assert no.value.code == "month_not_over"
    assert not AccessReview.objects.exists()


def test_december_is_over_at_new_year():
    assert review(month=date(2025, 12, 1), at=datetime(2026, 1, 1, tzinfo=SEOUL)).pk


def test_a_month_is_reviewed_once_in_a_scope():
    review()
    review(scope="/30/")

    with pytest.raises(RuleViolation) as no:
        review()

    assert no.value.code == "already_reviewed"
    assert AccessReview.objects.count() == 2


def test_a_review_without_a_finding_is_refused():
    with pytest.raises(RuleViolation):
        review(note="  ")


def test_a_review_is_never_changed():
    done = review()

    for change in (done.save, done.delete, AccessReview.objects.all().delete):
        with pytest.raises(AppendOnlyError):
            change()


def test_access_entries_are_kept_two_years():
    old = access(datetime(2024, 6, 1, 11, 59, 59, tzinfo=SEOUL))
    kept = access(datetime(2024, 6, 1, 12, 0, tzinfo=SEOUL))

    assert forget_old_access_entries(at=NOON) == 1
    assert list(AccessEntry.objects.all()) == [kept]
    assert old != kept
    assert AuditEntry.objects.get().details == {"entries": 1}


def test_forgetting_on_a_leap_day_works():
    access(datetime(2022, 2, 27, tzinfo=SEOUL))

    assert forget_old_access_entries(at=datetime(2024, 2, 29, tzinfo=SEOUL)) == 1


def test_an_access_entry_is_neither_changed_nor_deleted():
    entry = access()

    for change in (entry.save, entry.delete, AccessEntry.objects.all().delete, AccessEntry.objects.update):
        with pytest.raises(AppendOnlyError):
            change()


def test_forgetting_nothing_writes_nothing():
    assert tasks.forget_old_access_entries() == 0
    assert not AuditEntry.objects.exists()


def test_actions_have_names():
    assert actions.label_of("audit.access_log_reviewed") != "audit.access_log_reviewed"
    assert actions.label_of("nobody.named_this") == "nobody.named_this"


def test_an_action_is_named_once():
    with pytest.raises(ValueError, match=r"audit\.access_log_reviewed"):
        actions.register({"audit.access_log_reviewed": "other"})
