"""Ordering a notice, deciding what became of it, and what is kept."""

from datetime import timedelta

import pytest

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.jobs.models import Job
from core.notices.models import Delivery, Mailing, Refusal
from core.notices.queries import counts_of, latest_job, with_counts
from core.notices.services import (
    Recipient,
    accept_category,
    forget_account,
    forget_addresses,
    refuse_category,
    send_failed_again,
    send_notice,
    settle_uncertain,
)
from core.notices.states import ChannelName, DeliveryStatus, Problem
from tests.core.notices.letters import FORUMS, notice, people, states
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(RuleViolation, check=lambda violation: violation.code == code)


def set_all(mailing, status, problem=""):
    mailing.deliveries.update(status=status, problem=problem, settled_at=NOON)


# --- ordering ---------------------------------------------------------------------------------------------------------


def test_a_notice_waits_for_one_job():
    mailing = notice(3)
    assert states(mailing) == ["waiting"] * 3
    job = Job.objects.get()
    assert job.parameters == {"mailing": str(mailing.pk)}
    assert latest_job(mailing) == job


def test_nobody_is_named_outside_the_delivery():
    sender = UserFactory()
    mailing = notice([Recipient("head1@example.org", name="고남석", context={"title": "제24회"})], actor=sender)
    entry = AuditEntry.objects.get(action="notices.mailing_ordered")
    assert entry.details == {"type": "tests.hello", "total": 1}
    told = f"{entry.details} {Job.objects.values().get()} {Mailing.objects.values().get()} {mailing}"
    assert "head1" not in told
    assert "고남석" not in told


def test_the_job_of_many_is_its_senders_and_the_job_of_one_is_the_systems():
    sender = UserFactory()
    assert latest_job(notice(2, actor=sender)).owner == sender
    assert latest_job(notice(1, actor=sender)).owner is None


def test_a_notice_is_part_of_the_callers_transaction():
    with refused("wrong_address"):
        notice([*people(2), Recipient("nobody")])
    assert not Mailing.objects.exists()
    assert not Job.objects.exists()


def test_the_refusal_of_an_address_does_not_repeat_it():
    with pytest.raises(RuleViolation) as caught:
        notice([Recipient("not an address")])
    assert "not an" not in caught.value.text


@pytest.mark.parametrize("number", ["010-1234", "abc", "010 1234 56789 0123456", ""])
def test_text_messages_go_to_numbers(number):
    with refused("wrong_address"):
        notice([Recipient(number, channel=ChannelName.SMS)])


def test_numbers_are_kept_in_one_spelling():
    mailing = notice([Recipient("010-1234-5678", channel=ChannelName.SMS)])
    assert mailing.deliveries.get().address == "01012345678"


def test_the_same_message_to_the_same_address_goes_once():
    twice = [
        Recipient("a@example.org", context={"title": "1"}),
        Recipient("A@example.org ", context={"title": "1"}),
        Recipient("a@example.org", context={"title": "2"}),
    ]
    assert len(states(notice(twice))) == 2


def test_the_same_thing_is_told_once():
    notice(2, subject_key="forum:24:1")
    later = notice(3, subject_key="forum:24:1")
    assert [delivery.address for delivery in later.deliveries.all()] == ["head2@example.org"]
    with refused("nobody_to_send_to"):
        notice(3, subject_key="forum:24:1")
    assert len(states(notice(3, subject_key="forum:24:2"))) == 3


def test_what_failed_can_be_told_anew():
    set_all(notice(2, subject_key="forum:24:1"), DeliveryStatus.FAILED, Problem.REFUSED)
    assert len(states(notice(2, subject_key="forum:24:1"))) == 2


def test_a_notice_to_nobody_is_refused():
    with refused("nobody_to_send_to"):
        notice([])


def test_an_unknown_kind_is_a_fault():
    with pytest.raises(KeyError):
        send_notice(kind="tests.unknown", recipients=people(1), actor=None, at=NOON)


def test_a_kind_says_who_may_send_it():
    with refused("may_not_send"):
        notice(1, kind="tests.hello_", actor=UserFactory(name="주민"))
    assert notice(1, kind="tests.hello_", actor=UserFactory(name="사무국"))


def test_an_unknown_language_becomes_the_sites():
    assert notice(people(1, language="fr")).deliveries.get().language == "ko"


# --- refused categories -----------------------------------------------------------------------------------------------


def test_who_does_not_want_it_is_left_out_without_an_address():
    user = UserFactory(email="head0@example.org")
    refuse_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    mailing = notice([Recipient(user.email, user=user), *people(2)[1:]])
    assert states(mailing) == ["left_out", "waiting"]
    assert not mailing.deliveries.first().address


def test_an_address_without_an_account_is_left_out_too():
    first = notice(1).deliveries.get()
    refuse_category(category=FORUMS.key, key=first.address_key, at=NOON)
    mailing = notice(2)
    assert states(mailing) == ["left_out", "waiting"]


def test_an_address_that_an_account_signs_in_with_is_that_accounts():
    """Lists of members and guests hold addresses only; what their accounts chose on their page holds for these too."""
    user = UserFactory(email="head0@example.org")
    refuse_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    mailing = notice([Recipient("HEAD0@example.org "), *people(2)[1:]])
    assert states(mailing) == ["left_out", "waiting"]
    assert mailing.deliveries.first().user == user
    assert mailing.deliveries.last().user is None


def test_what_an_address_refused_before_it_had_an_account_still_holds():
    refuse_category(category=FORUMS.key, key=notice(1).deliveries.get().address_key, at=NOON)
    UserFactory(email="head0@example.org")
    assert states(notice(1)) == ["left_out"]


def test_an_erased_account_takes_along_what_was_sent_to_its_address():
    user = UserFactory(email="head0@example.org")
    mailing = notice([Recipient(user.email, name="고남석", context={"title": "제24회"})])
    forget_account(user_id=user.pk, at=NOON)
    delivery = mailing.deliveries.get()
    assert (delivery.status, delivery.address, delivery.name, delivery.context) == ("left_out", "", "", {})
    assert delivery.address_key == ""


def test_no_job_where_nobody_wants_it():
    refuse_category(category=FORUMS.key, key=notice(1).deliveries.get().address_key, at=NOON)
    mailing = notice(1)
    assert states(mailing) == ["left_out"]
    assert latest_job(mailing) is None


def test_what_is_obligatory_goes_to_everybody():
    refuse_category(category="tests-duties", key=notice(1).deliveries.get().address_key, at=NOON)
    assert states(notice(1, kind="tests.must")) == ["waiting"]


def test_refusing_twice_is_refusing_once():
    user = UserFactory()
    for _time in range(2):
        refuse_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    assert Refusal.objects.count() == 1
    accept_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    assert not Refusal.objects.exists()
    assert AuditEntry.objects.filter(action__startswith="notices.category").count() == 2


# --- deciding ---------------------------------------------------------------------------------------------------------


def test_what_failed_is_sent_again_by_a_new_job():
    sender = UserFactory()
    mailing = notice(2)
    Job.objects.update(status="done")
    set_all(mailing, DeliveryStatus.FAILED, Problem.BUSY)
    assert send_failed_again(mailing_id=mailing.pk, actor=sender, at=NOON + timedelta(minutes=1)) == 2
    assert states(mailing) == ["waiting"] * 2
    assert latest_job(mailing).owner == sender


def test_there_has_to_be_something_to_send_again():
    with refused("nothing_left"):
        send_failed_again(mailing_id=notice(1).pk, actor=None, at=NOON)


def test_somebody_decides_about_what_was_perhaps_sent():
    mailing = notice(3)
    set_all(mailing, DeliveryStatus.UNCERTAIN, Problem.STOPPED)
    first = mailing.deliveries.first()
    settle_uncertain(mailing_id=mailing.pk, send_again=True, delivery_ids=[first.pk], actor=None, at=NOON)
    assert states(mailing) == ["waiting", "uncertain", "uncertain"]
    assert settle_uncertain(mailing_id=mailing.pk, send_again=False, actor=None, at=NOON) == 2
    assert states(mailing) == ["waiting", "sent", "sent"]


# --- counts -----------------------------------------------------------------------------------------------------------


def test_counts():
    mailing = notice(4)
    mailing.deliveries.filter(address="head0@example.org").update(status="sent")
    counts = counts_of(mailing)
    assert (counts.total, counts.sent, counts.waiting, counts.percent) == (4, 1, 3, 25)
    counted = with_counts(Mailing.objects.all()).get()
    assert (counted.total_count, counted.sent_count, counted.waiting_count, counted.failed_count) == (4, 1, 3, 0)


# --- forgetting -------------------------------------------------------------------------------------------------------


def test_addresses_are_deleted_after_their_days(settings):
    settings.NOTICE_KEEP_DAYS = 30
    mailing = notice(3)
    for delivery, days in zip(mailing.deliveries.all(), (31, 29, None), strict=True):
        if days:
            Delivery.objects.filter(pk=delivery.pk).update(status="sent", settled_at=NOON - timedelta(days=days))
    assert forget_addresses(at=NOON) == 1
    assert forget_addresses(at=NOON) == 0
    gone, kept, waiting = mailing.deliveries.order_by("id")
    assert (gone.address, gone.name, gone.context) == ("", "", {})
    assert gone.address_key
    assert kept.address
    assert waiting.address


def test_what_has_no_address_any_more_is_not_sent_again():
    mailing = notice(1)
    mailing.deliveries.update(status="failed", problem="busy", address="", settled_at=NOON)
    with refused("nothing_left"):
        send_failed_again(mailing_id=mailing.pk, actor=None, at=NOON)


def test_an_erased_account_leaves_nothing_but_a_number():
    user = UserFactory()
    refuse_category(category="tests-other", user_id=user.pk, actor=user, at=NOON)
    mailing = notice([Recipient(user.email, user=user, name=user.name, context={"title": "x"})])
    forget_account(user_id=user.pk, at=NOON)
    row = mailing.deliveries.get()
    assert (row.status, row.address, row.address_key, row.name, row.context, row.user) == (
        "left_out",
        "",
        "",
        "",
        {},
        None,
    )
    assert not Refusal.objects.exists()


def test_a_name_is_kept_on_one_line_and_no_longer_than_there_is_room():
    mailing = notice([Recipient("a@example.org", name=f"홍길동\n\n<b>{'가' * 300}", context={"title": "제24회"})])
    name = mailing.deliveries.get().name
    assert (len(name), name[:7]) == (120, "홍길동 <b>")


def test_an_address_that_is_longer_than_there_is_room_is_none():
    long = f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.kr"
    assert len(long) > 254
    with pytest.raises(RuleViolation):
        notice([Recipient(long, context={"title": "제24회"})])
