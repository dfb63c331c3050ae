"""Sending: each message once, errors by their kind, and what a lost worker leaves."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.utils.translation import override

from core.jobs.models import Job
from core.notices.channels import PermanentError, TemporaryError, UncertainError, UnreachableError
from core.notices.models import Delivery
from core.notices.queries import counts_of, latest_job
from core.notices.resuming import continue_mailings
from core.notices.sending import LOST_AFTER, claim_next, note_lost, outcome_in_words, send_mailing
from core.notices.services import Recipient, refuse_category, settle_uncertain
from core.notices.states import ChannelName, Problem
from tests.core.notices.letters import FORUMS, Clock, notice, people, states
from tests.factories import NOON, UserFactory

pytestmark = pytest.mark.django_db


class KilledError(BaseException):
    """Stands for the end of a process: nothing in the house catches it."""


def send(mailing, clock=None, tell=lambda _percent, _step: None):
    clock = clock or Clock()
    return send_mailing(mailing, tell, clock=clock, sleep=clock.sleep)


# --- the whole way ----------------------------------------------------------------------------------------------------


def test_a_committed_notice_is_sent_by_its_job(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        mailing = notice(3)
    assert sorted(one.to[0] for one in mail.outbox) == [f"head{number}@example.org" for number in range(3)]
    assert states(mailing) == ["sent"] * 3
    job = Job.objects.get()
    assert job.status == "done"
    assert "3" in job.message


def test_progress_is_told(scripted):
    told = []
    send(notice(4), tell=lambda percent, step: told.append((percent, step)))
    assert [percent for percent, _step in told] == [0, 25, 50, 75, 100]
    assert told[1][1]


def test_the_connection_is_opened_once_and_closed(scripted):
    send(notice(3))
    assert (scripted.opened, scripted.closed) == (1, 1)


def test_a_second_round_sends_nothing_more(scripted):
    mailing = notice(2)
    send(mailing)
    send(mailing)
    assert len(scripted.sent) == 2


# --- never twice ------------------------------------------------------------------------------------------------------


def test_a_worker_that_ends_while_sending_leaves_one_uncertain_and_the_rest_waiting(scripted):
    mailing = notice(3)

    def end():
        raise KilledError

    scripted.script = [None, None, ("send", end)]
    with pytest.raises(KilledError):
        send(mailing)
    assert states(mailing) == ["sent", "sending", "waiting"]

    send(mailing, Clock(NOON + LOST_AFTER / 2))
    assert states(mailing) == ["sent", "sending", "sent"]

    late = Clock(NOON + LOST_AFTER + timedelta(seconds=1))
    send(mailing, late)
    assert states(mailing) == ["sent", "uncertain", "sent"]
    send(mailing, Clock(NOON + timedelta(days=1)))
    assert [message.address for message in scripted.sent] == ["head0@example.org", "head2@example.org"]


def test_a_slow_worker_comes_back_and_says_that_it_was_sent(scripted):
    mailing = notice(1)
    scripted.script = [None, ("send", lambda: note_lost(at=NOON + 2 * LOST_AFTER))]
    send(mailing)
    assert states(mailing) == ["sent"]


def test_what_somebody_decided_meanwhile_stands(scripted):
    mailing = notice(1)

    def decide():
        note_lost(at=NOON + 2 * LOST_AFTER)
        settle_uncertain(mailing_id=mailing.pk, send_again=True, actor=None, at=NOON + timedelta(days=1))

    scripted.script = [None, ("send", decide)]
    send(mailing)
    assert states(mailing) == ["waiting"]


def test_a_slow_worker_says_nothing_about_what_another_one_sends_now(scripted):
    mailing = notice(1)

    def another_takes_over():
        note_lost(at=NOON + 2 * LOST_AFTER)
        settle_uncertain(mailing_id=mailing.pk, send_again=True, actor=None, at=NOON)
        assert claim_next(mailing, lease=uuid.uuid4(), at=NOON)

    scripted.script = [None, ("send", another_takes_over)]
    send(mailing)
    assert states(mailing) == ["sending"]


def test_a_claim_is_made_once():
    mailing = notice(1)
    assert claim_next(mailing, lease=uuid.uuid4(), at=NOON).status == "sending"
    assert claim_next(mailing, lease=uuid.uuid4(), at=NOON) is None


# --- errors -----------------------------------------------------------------------------------------------------------


def test_a_busy_server_is_asked_again_after_pauses_up_to_a_limit(scripted, settings):
    settings.NOTICE_RETRY_PAUSES = [60, 300]
    mailing = notice(1)
    clock = Clock()
    scripted.script = [None, *(("send", TemporaryError(Problem.BUSY)) for _attempt in range(3))]
    send(mailing, clock)
    send(mailing, clock)
    row = mailing.deliveries.get()
    assert (row.status, row.attempts, row.due_at) == ("waiting", 1, NOON + timedelta(seconds=60))
    clock.sleep(60)
    scripted.script.insert(0, None)
    send(mailing, clock)
    assert mailing.deliveries.get().due_at == clock() + timedelta(seconds=300)
    clock.sleep(300)
    scripted.script.insert(0, None)
    send(mailing, clock)
    row = mailing.deliveries.get()
    assert (row.status, row.problem, row.attempts) == ("failed", "busy", 3)


def test_what_is_refused_for_good_fails_at_once_and_the_rest_goes_on(scripted):
    mailing = notice(2)
    scripted.script = [None, ("send", PermanentError(Problem.REFUSED_ADDRESS))]
    counts = send(mailing)
    assert states(mailing) == ["failed", "sent"]
    with override("en"):
        assert outcome_in_words(counts) == "1 message was sent. 1 could not be sent."


def test_what_nobody_can_tell_is_not_sent_again(scripted):
    mailing = notice(1)
    scripted.script = [None, ("send", UncertainError(Problem.NO_ANSWER))]
    send(mailing)
    send(mailing, Clock(NOON + timedelta(days=2)))
    assert states(mailing) == ["uncertain"]
    assert not scripted.sent


def test_where_nothing_can_be_sent_everything_waits_as_one(scripted, settings):
    settings.NOTICE_RETRY_PAUSES = [60]
    mailing = notice(5)
    clock = Clock()
    scripted.script = [("open", UnreachableError(Problem.UNREACHABLE))] * 2
    send(mailing, clock)
    assert scripted.opened == 1
    assert set(mailing.deliveries.values_list("status", "due_at", "attempts")) == {
        ("waiting", NOON + timedelta(seconds=60), 1)
    }
    clock.sleep(60)
    send(mailing, clock)
    assert set(mailing.deliveries.values_list("status", "problem")) == {("failed", "unreachable")}


def test_a_server_that_falls_silent_again_and_again_is_given_a_rest(scripted, settings):
    """Each message of which nobody can tell is one that a person has to decide about: not ten thousand of them."""
    settings.NOTICE_RETRY_PAUSES = [60, 300]
    mailing, clock = notice(10), Clock()
    scripted.script = [None, *[("send", UncertainError(Problem.NO_ANSWER))] * 3]
    send(mailing, clock)
    assert states(mailing) == ["uncertain"] * 3 + ["waiting"] * 7
    scripted.script = [None, *[("send", UncertainError(Problem.NO_ANSWER))] * 3]
    clock.sleep(60)
    send(mailing, clock)
    assert states(mailing) == ["uncertain"] * 6 + ["waiting"] * 4
    clock.sleep(299)
    send(mailing, clock)
    assert len(scripted.sent) == 0
    clock.sleep(1)
    send(mailing, clock)
    assert states(mailing) == ["uncertain"] * 6 + ["sent"] * 4


def test_an_answer_in_between_ends_the_silence(scripted):
    mailing = notice(9)
    silence = ("send", UncertainError(Problem.NO_ANSWER))
    scripted.script = [None, silence, silence, None, silence, silence, None, silence, silence]
    send(mailing)
    assert "waiting" not in states(mailing)


def test_one_channel_that_is_given_up_leaves_the_others(scripted, settings):
    settings.NOTICE_RETRY_PAUSES = []
    text = Recipient("010-1234-5678", context={"title": "제24회"}, channel=ChannelName.SMS)
    mailing = notice([*people(2), text])
    scripted.script = [("open", UnreachableError(Problem.UNREACHABLE))]
    send(mailing)
    assert states(mailing) == ["failed", "failed", "waiting"]


@pytest.mark.parametrize("kind", ["tests.empty", "tests.missing"])
def test_a_notice_that_cannot_be_written_fails_and_says_so(scripted, kind):
    mailing = notice(2, kind=kind)
    send(mailing)
    assert set(mailing.deliveries.values_list("status", "problem")) == {("failed", "not_writable")}


def test_a_kind_that_is_gone_fails(scripted, monkeypatch):
    from core.notices import kinds

    mailing = notice(1)
    monkeypatch.setattr(kinds, "_kinds", {})
    send(mailing)
    assert states(mailing) == ["failed"]
    assert mailing.title == "tests.hello"


def test_no_message_goes_out_after_its_person_said_stop(scripted):
    user = UserFactory()
    mailing = notice([Recipient(user.email, user=user), *people(1)])
    refuse_category(category=FORUMS.key, user_id=user.pk, actor=user, at=NOON)
    send(mailing)
    assert states(mailing) == ["left_out", "sent"]


# --- rate -------------------------------------------------------------------------------------------------------------


def test_no_more_goes_out_in_a_minute_than_is_set(scripted, settings):
    settings.NOTICE_RATE = 3
    clock = Clock()
    mailing = notice(7)
    send(mailing, clock)
    times = sorted(Delivery.objects.values_list("claimed_at", flat=True))
    assert all(later - earlier >= timedelta(seconds=60) for earlier, later in zip(times, times[3:], strict=False))
    assert clock() - NOON < timedelta(seconds=125)


def test_what_was_claimed_before_the_clock_was_set_back_holds_nothing_up(scripted, settings):
    settings.NOTICE_RATE = 3
    send(notice(2, at=NOON + timedelta(days=1)), Clock(NOON + timedelta(days=1)))
    clock = Clock()
    send(notice(2), clock)
    assert (len(scripted.sent), clock.slept) == (4, [])


def test_a_message_under_way_when_the_clock_was_set_back_is_noticed_as_lost():
    mailing = notice(1)
    tomorrow = NOON + timedelta(days=1)
    claim_next(mailing, lease=uuid.uuid4(), at=tomorrow)
    assert note_lost(at=NOON) == 0
    assert note_lost(at=NOON + LOST_AFTER + timedelta(seconds=1)) == 1


def test_no_limit_asks_nothing(scripted, settings):
    settings.NOTICE_RATE = 0
    clock = Clock()
    send(notice(7), clock)
    assert not clock.slept


# --- taking up again --------------------------------------------------------------------------------------------------


def test_what_is_due_again_gets_a_new_job(scripted):
    mailing = notice(2)
    assert continue_mailings(at=NOON) == 0
    Job.objects.update(status="done", finished_at=NOON)
    assert continue_mailings(at=NOON + timedelta(minutes=1)) == 1
    assert latest_job(mailing).status == "queued"


def test_what_is_not_due_yet_waits(scripted):
    mailing = notice(1)
    Job.objects.update(status="done")
    mailing.deliveries.update(due_at=NOON + timedelta(minutes=5))
    assert continue_mailings(at=NOON) == 0


def test_a_cancelled_job_cancels_the_mailing():
    mailing = notice(2)
    Job.objects.update(status="cancelled", finished_at=NOON)
    assert continue_mailings(at=NOON) == 0
    assert set(mailing.deliveries.values_list("status", "problem")) == {("failed", "cancelled")}


def test_a_failed_job_rests_before_the_next():
    notice(1)
    Job.objects.update(status="failed", message="x", finished_at=NOON)
    assert continue_mailings(at=NOON + timedelta(minutes=9)) == 0
    assert continue_mailings(at=NOON + timedelta(minutes=11)) == 1


def test_a_lost_message_is_noticed_without_any_job():
    mailing = notice(1)
    claim_next(mailing, lease=uuid.uuid4(), at=NOON)
    continue_mailings(at=NOON + 2 * LOST_AFTER)
    assert states(mailing) == ["uncertain"]


# --- what a mail looks like -------------------------------------------------------------------------------------------


def test_a_mail_in_korean(settings):
    settings.SITE_URL = "https://madang.example.org"
    mailing = notice([Recipient("head0@example.org", name="고남석", context={"title": "시장·군수 <포럼>"})])
    send(mailing)
    (letter,) = mail.outbox
    token = mailing.deliveries.get().token
    assert letter.subject == "[마당] 포럼 “시장·군수 <포럼>” 안내"
    assert "고남석" in letter.body
    assert "시장·군수 <포럼>" in letter.body
    assert letter.extra_headers["List-Unsubscribe"] == f"<https://madang.example.org/notices/stop/{token}/>"
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["Message-ID"].endswith("@madang.example.org>")
    assert f"https://madang.example.org/notices/stop/{token}/" in letter.body
    assert letter.message()["Auto-Submitted"] == "auto-generated"


def test_a_mail_in_english_leads_to_the_page_in_english():
    send(notice(people(1, language="en")))
    (letter,) = mail.outbox
    assert letter.subject == "[Madang] The forum “제24회”"
    assert "/en/notices/stop/" in letter.extra_headers["List-Unsubscribe"]


def test_an_obligatory_mail_says_why_and_has_no_link():
    send(notice(1, kind="tests.must"))
    (letter,) = mail.outbox
    assert "규약에 따라 모든 회원에게 보냅니다." in letter.body
    assert "/notices/stop/" not in letter.body
    assert "List-Unsubscribe" not in letter.extra_headers


def test_a_subject_stays_one_line():
    send(notice([Recipient("a@example.org", context={"title": "가\nBcc: b@example.org"})]))
    (letter,) = mail.outbox
    assert "\n" not in letter.subject
    assert letter.recipients() == ["a@example.org"]


def test_a_mail_may_have_a_picture_of_itself():
    send(notice(1, kind="tests.html"))
    (letter,) = mail.outbox
    assert letter.alternatives[0].mimetype == "text/html"


def test_a_text_message_is_told_on_the_console_without_its_number(capsys):
    mailing = notice([Recipient("010-1234-5678", channel=ChannelName.SMS, context={"title": "제24회"})])
    send(mailing)
    assert states(mailing) == ["sent"]
    assert capsys.readouterr().out == "SMS to …78: 17 bytes\n"


def test_a_text_message_with_signs_that_no_telephone_knows_fails():
    mailing = notice([Recipient("010-1234-5678", channel=ChannelName.SMS, context={"title": "😀"})])
    send(mailing)
    assert mailing.deliveries.get().problem == "not_writable"


def test_a_messenger_has_its_own_port(capsys):
    mailing = notice([Recipient("010-1234-5678", channel=ChannelName.MESSENGER, context={"title": "제24회"})])
    send(mailing)
    assert "messenger to …78" in capsys.readouterr().out


def test_logs_name_nobody(scripted, caplog):
    with caplog.at_level("INFO"):
        send(notice(1, kind="tests.missing"))
    assert "tests.missing" in caplog.text
    assert "head0" not in caplog.text


def test_counts_of_what_is_left():
    assert counts_of(notice(2)).waiting == 2
