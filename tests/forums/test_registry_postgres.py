"""Two people at once at the register, on PostgreSQL."""

import threading
from datetime import date

import pytest
from django.db import connection

from core.errors import RuleViolation
from forums.models import Member
from forums.services.applications import approve_application, check_application
from forums.services.members import Particulars, add_member
from forums.states import MemberKind
from residents.states import Office, Role
from tests.factories import NOON, ApplicationFactory, OfficeTermFactory, RoleFactory

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*calls):
    """What each call came to: None, or the code of the rule that said no."""
    start = threading.Barrier(len(calls))
    results = []

    def run(call):
        start.wait()
        try:
            call()
            results.append(None)
        except RuleViolation as no:
            results.append(no.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


def test_an_application_is_approved_once(secretary):
    term = OfficeTermFactory(office=Office.MAYOR, until=date(2090, 7, 1))
    application = ApplicationFactory(name=term.name, region=term.region, office=Office.MAYOR, erase_on=date(2090, 1, 1))
    check_application(application_id=application.pk, term_id=term.pk, evidence="", actor=secretary, at=NOON)

    def approve():
        approve_application(application_id=application.pk, member_id=None, actor=secretary, at=NOON)

    results = at_once(approve, approve)

    assert results.count(None) == 1
    assert Member.objects.count() == 1


def test_a_term_gets_one_member(secretary):
    term = OfficeTermFactory()

    def add():
        add_member(
            particulars=Particulars(name=term.name),
            kind=MemberKind.REGULAR,
            term=term,
            joined_on=NOON.date(),
            actor=secretary,
            at=NOON,
        )

    assert sorted(at_once(add, add), key=str) == [None, "term_taken"]
    assert Member.objects.count() == 1
