"""Officers, bylaws, meetings and dues: the public pages, the members' page, and the forms of the secretariat's desk."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from core.articles import Article
from core.audit.models import AccessEntry
from core.ledgers.splitting import RemainderRule
from core.notices.models import Delivery
from forums.models import Appointment, Bylaws, ClubMeeting, CostShare, DuesCharge, DuesRate, Member, Payment
from forums.permissions import keeps_the_club
from forums.services.bylaws import adopt_bylaws, draft_bylaws
from forums.services.dues import charge_month, record_payment, set_dues, split_cost
from forums.services.meetings import Plan, plan_meeting
from forums.services.members import leave_club
from forums.services.officers import Wanted, add_partner, appoint
from forums.states import BylawsStatus, ClubMeetingKind, MemberStatus, Position
from meetings.permissions import visible_meetings
from meetings.services.attendance import check_in
from meetings.services.course import call_meeting, close_meeting, open_meeting
from meetings.services.records import Standing, record_election
from meetings.states import CheckInWay
from residents.states import Role
from tests.factories import NOON, MunicipalityFactory, RoleFactory, UserFactory, acting_for, serving_member
from tests.forums.club import RAW_RULES, adopt

pytestmark = pytest.mark.django_db
DESK = "/admin/forums"
OVERVIEW_QUERIES = 14
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def secretary():
    return RoleFactory(role=Role.CLUB_SECRETARIAT, region=None).user


@pytest.fixture
def desk(client, secretary):
    client.force_login(secretary)
    return client


def officer(since=date(2025, 9, 18), position=Position.CO_CHAIR, **fields):
    member = fields.pop("member", None) or serving_member(**fields)
    return appoint(wanted=Wanted(position=position, since=since, member=member), actor=None, at=NOON)


def second_version(**changed):
    draft = draft_bylaws(
        articles=[Article("1", "목적", "함께 배운다."), Article("2", "회원", "현직 단체장과 도지사로 한다.")],
        rules={**RAW_RULES, **changed},
        actor=None,
        at=NOON,
    )
    day = date(2011, 11, 30)
    return adopt_bylaws(
        bylaws_id=draft.pk,
        adopted_on=day,
        in_force_from=day,
        resolution=None,
        from_source=True,
        actor=None,
        at=NOON,
    )


def this_month():
    return timezone.localdate().replace(day=1)


def with_dues(amount=200_000):
    return set_dues(
        amount=amount, from_month=date(2020, 1, 1), resolution=None, basis="운영위원회", actor=None, at=timezone.now()
    )


def charged(amount=200_000):
    with_dues(amount)
    return charge_month(month=this_month(), actor=None, at=timezone.now())


# --- Public pages -----------------------------------------------------------------------------------------------------


class TestOfficers:
    def test_everybody_reads_who_leads_the_club(self, client):
        adopt()
        officer(name="나소열")
        add_partner(name="희망제작소", about="연구", since=date(2020, 1, 1), resolution=None, actor=None, at=NOON)
        text = client.get("/club/officers/").content.decode()
        assert "나소열" in text
        assert "희망제작소" in text

    def test_a_day_of_the_past_shows_who_led_it_then(self, client):
        adopt()
        officer(name="나소열", since=date(2024, 1, 1))
        assert "나소열" not in client.get("/club/officers/?on=2023-12-31").content.decode()
        assert "나소열" in client.get("/club/officers/?on=2024-01-01").content.decode()

    @pytest.mark.parametrize("day", ["2024-02-30", "gestern", "1999-01-01", "9999-12-31", "%00", "2024-1", "-1"])
    def test_what_is_no_day_is_not_found(self, client, day):
        for page in ("officers", "bylaws/state"):
            assert client.get(f"/club/{page}/?on={day}").status_code == 404

    def test_without_anybody_the_page_says_who_will_stand_there(self, client):
        assert 'class="empty"' in client.get("/club/officers/").content.decode()

    @pytest.mark.parametrize("rows", [1, 30])
    def test_it_takes_the_same_queries_however_many(self, client, django_assert_num_queries, rows):
        adopt(co_chairs={"value": 99, "article": "4"})
        for number in range(rows):
            officer(name=f"회원{number}")
        with django_assert_num_queries(7):
            client.get("/club/officers/")


class TestBylaws:
    def test_the_version_in_force_and_an_earlier_one(self, client):
        adopt()
        second_version()
        assert "도지사" in client.get("/club/bylaws/").content.decode()
        earlier = client.get("/club/bylaws/1/").content.decode()
        assert "도지사" not in earlier
        assert "notice--warning" in earlier
        assert client.get("/club/bylaws/9/").status_code == 404

    def test_a_draft_is_nobodys_to_read(self, client, secretary):
        adopt()
        draft_bylaws(actor=None, at=NOON)
        for user in (None, UserFactory(), secretary):
            if user:
                client.force_login(user)
            assert client.get("/club/bylaws/2/").status_code == 404
            assert client.get("/club/bylaws/compare/?before=1&after=2").status_code == 404

    def test_two_versions_beside_each_other(self, client):
        adopt()
        second_version()
        html = client.get("/club/bylaws/compare/").content.decode()
        assert "<ins>" in html
        assert client.get("/club/bylaws/compare/?before=2&after=1").status_code == 200
        assert client.get("/club/bylaws/compare/?before=x").status_code == 404

    def test_one_version_alone_is_not_compared(self, client):
        adopt()
        assert "<ins>" not in client.get("/club/bylaws/compare/").content.decode()

    def test_before_any_bylaws_every_page_says_so(self, client):
        for page in ("", "compare/", "state/"):
            response = client.get(f"/club/bylaws/{page}")
            assert response.status_code == 200
            assert 'class="empty"' in response.content.decode()

    def test_texts_are_shown_as_text(self, client):
        draft = draft_bylaws(
            articles=[Article("1", HOSTILE, HOSTILE)], rules=RAW_RULES, note=HOSTILE, actor=None, at=NOON
        )
        day = date(2010, 9, 7)
        adopt_bylaws(
            bylaws_id=draft.pk,
            adopted_on=day,
            in_force_from=day,
            resolution=None,
            from_source=True,
            actor=None,
            at=NOON,
        )
        second_version()
        for page in ("1/", "compare/"):
            html = client.get(f"/club/bylaws/{page}").content.decode()
            assert HOSTILE not in html
            assert "&lt;script&gt;" in html

    @pytest.mark.parametrize("versions", [1, 30])
    @pytest.mark.parametrize(("page", "queries"), [("", 6), ("compare/", 3)])
    def test_they_take_the_same_queries_however_many(self, client, django_assert_num_queries, versions, page, queries):
        adopt()
        for number in range(2, versions + 2):
            day = date(2011, 1, 1) + timedelta(days=number)
            one = Bylaws.objects.create(
                number=number, status=BylawsStatus.ADOPTED, adopted_on=day, in_force_from=day, rules=RAW_RULES
            )
            one.articles.create(number="1", title="목적", text="배운다.", position=0)
        with django_assert_num_queries(queries):
            client.get(f"/club/bylaws/{page}")


class TestStateOfTheBylaws:
    def test_each_rule_names_its_article_in_the_version_of_that_day(self, client):
        adopt()
        second_version()
        then = client.get("/club/bylaws/state/?on=2011-01-01").content.decode()
        assert "/club/bylaws/1/#article-4" in then
        assert "/club/bylaws/2/#article-4" in client.get("/club/bylaws/state/").content.decode()

    def test_a_vacant_chair_is_counted(self, client):
        adopt()
        officer()
        assert "badge--danger" in client.get("/club/bylaws/state/").content.decode()

    def test_before_the_club_had_bylaws(self, client):
        adopt()
        assert 'class="empty"' in client.get("/club/bylaws/state/?on=2010-09-06").content.decode()

    @pytest.mark.parametrize("rows", [1, 30])
    def test_it_takes_the_same_queries_however_many(self, client, django_assert_num_queries, rows):
        adopt(co_chairs={"value": 99, "article": "4"})
        for number in range(rows):
            officer(name=f"회원{number}")
        with django_assert_num_queries(12):
            client.get("/club/bylaws/state/")


# --- Dues -------------------------------------------------------------------------------------------------------------


class TestDuesPage:
    def test_visitors_sign_in_first_and_strangers_are_told_whose_it_is(self, client):
        assert client.get("/club/dues/").status_code == 302
        for user in (UserFactory(), RoleFactory(role=Role.DISTRICT_OFFICIAL, region=MunicipalityFactory()).user):
            client.force_login(user)
            assert client.get("/club/dues/").status_code == 403

    def test_a_member_sees_their_own_and_nobody_elses(self, client):
        own, other = serving_member(name="나소열"), serving_member(name="박우섭")
        charged()
        client.force_login(acting_for(own))
        text = client.get("/club/dues/").content.decode()
        assert "200,000" in text
        assert "나소열" in text
        assert other.name not in text

    def test_what_a_member_owes_is_kept_by_no_browser(self, client):
        assert "no-store" not in client.get("/club/")["Cache-Control"]
        client.force_login(acting_for(serving_member()))
        for address in ("/club/", "/club/dues/"):
            assert "no-store" in client.get(address)["Cache-Control"]

    def test_who_acted_until_yesterday_sees_nothing(self, client):
        today = timezone.localdate()
        client.force_login(acting_for(serving_member(), since=today - timedelta(days=9), until=today))
        assert client.get("/club/dues/").status_code == 403

    def test_the_secretariat_sees_all_and_that_is_logged(self, desk):
        serving_member(name="나소열")
        charged()
        assert "나소열" in desk.get("/club/dues/").content.decode()
        assert AccessEntry.objects.filter(what="forums.dues").count() == 1

    def test_who_left_with_something_open_still_stands_there(self, desk, secretary):
        member = serving_member(name="떠난이")
        paid = serving_member(name="다낸이")
        charged()
        record_payment(
            member_id=paid.pk,
            amount=200_000,
            received_on=timezone.localdate(),
            note="",
            actor=None,
            at=timezone.now(),
        )
        for one in (member, paid):
            leave_club(
                member_id=one.pk, left_on=timezone.localdate(), reason="임기 끝", actor=secretary, at=timezone.now()
            )
        response = desk.get("/club/dues/")
        assert [row.member.name for row in response.context["rows"]] == ["떠난이"]
        assert response.context["open_sum"] == 200_000

    def test_who_owes_longest_stands_first(self, desk):
        serving_member(name="가")
        owing = serving_member(name="나")
        with_dues()
        split_cost(
            title="만찬",
            total=10,
            members=[owing],
            rule=RemainderRule.REMAINDER_TO_CLUB,
            split_on=date(2026, 1, 1),
            actor=None,
            at=timezone.now(),
        )
        rows = desk.get("/club/dues/?show=all").context["rows"]
        assert [row.member.name for row in rows] == ["나", "가"]
        assert [row.member.name for row in desk.get("/club/dues/").context["rows"]] == ["나"]

    @pytest.mark.parametrize("rows", [1, 30])
    def test_it_takes_the_same_queries_however_many(self, desk, django_assert_num_queries, rows):
        for number in range(rows):
            serving_member(name=f"회원{number}")
        charged()
        desk.get("/club/dues/")
        with django_assert_num_queries(OVERVIEW_QUERIES):
            desk.get("/club/dues/")

    def test_charging_and_reminding(self, desk):
        serving_member()
        with_dues()
        assert desk.post("/club/dues/charge/", {"month": f"{this_month():%Y-%m}"}).status_code == 302
        assert DuesCharge.objects.count() == 1
        desk.post("/club/dues/charge/", {"month": f"{this_month():%Y-%m}"})
        assert DuesCharge.objects.count() == 1
        assert desk.post("/club/dues/charge/", {"month": "soon"}).status_code == 400

    def test_a_reminder_goes_to_who_owes_once_a_month(self, desk):
        owing = serving_member()
        owing.mails.create(address="owing@example.org")
        charged()
        desk.post("/club/dues/remind/")
        desk.post("/club/dues/remind/")
        assert Delivery.objects.count() == 1

    def test_nobody_to_remind_is_said(self, desk):
        assert desk.post("/club/dues/remind/").status_code == 409

    @pytest.mark.parametrize("step", ["charge", "remind"])
    def test_the_steps_are_the_secretariats(self, client, step):
        member = serving_member()
        for user in (acting_for(member), UserFactory()):
            client.force_login(user)
            assert client.post(f"/club/dues/{step}/", {"month": f"{this_month():%Y-%m}"}).status_code == 403
        client.logout()
        assert client.post(f"/club/dues/{step}/").status_code == 302
        assert client.get(f"/club/dues/{step}/").status_code in {302, 405}


# --- The desk ---------------------------------------------------------------------------------------------------------


LISTS = [
    "appointment",
    "outsider",
    "partner",
    "bylaws",
    "clubmeeting",
    "duesrate",
    "duescharge",
    "payment",
    "refund",
    "costshare",
]


class TestWhoseDesk:
    @pytest.mark.parametrize("name", LISTS)
    @pytest.mark.parametrize("role", [Role.OPERATOR, Role.DISTRICT_OFFICIAL, Role.AUDITOR])
    def test_the_lists_are_the_secretariats(self, client, name, role):
        region = None if role == Role.OPERATOR else MunicipalityFactory()
        client.force_login(RoleFactory(role=role, region=region).user)
        for page in ("", "add/", "1/change/", "export/"):
            assert client.get(f"{DESK}/{name}/{page}").status_code == 404

    @pytest.mark.parametrize("name", LISTS)
    def test_members_reach_none_of_them(self, client, name):
        client.force_login(acting_for(serving_member()))
        assert client.get(f"{DESK}/{name}/").status_code in {302, 403, 404}
        assert not keeps_the_club(UserFactory())

    @pytest.mark.parametrize("name", LISTS)
    def test_each_opens(self, desk, name):
        assert desk.get(f"{DESK}/{name}/").status_code == 200


class TestAppointing:
    def test_a_post_is_filled_and_ended(self, desk):
        adopt()
        member = serving_member()
        response = desk.post(
            f"{DESK}/appointment/add/", {"position": "co_chair", "member": member.pk, "since": "2025-09-18"}
        )
        one = Appointment.objects.get()
        assert response.status_code == 302
        assert one.until == date(2027, 9, 18)
        page = f"{DESK}/appointment/{one.pk}"
        assert desk.post(f"{page}/change/", {"since": "2020-01-01"}).status_code in {403, 404}
        assert desk.post(f"{page}/step-down/", {"on": "2026-01-01", "reason": " "}).status_code == 400
        assert desk.post(f"{page}/step-down/", {"on": "2026-01-01", "reason": "사임"}).status_code == 302
        one.refresh_from_db()
        assert (one.since, one.ended_on) == (date(2025, 9, 18), date(2026, 1, 1))

    def test_a_post_without_room_is_refused_with_a_sentence(self, desk):
        adopt(co_chairs={"value": 1, "article": "4"})
        officer()
        response = desk.post(
            f"{DESK}/appointment/add/",
            {"position": "co_chair", "member": serving_member().pk, "since": "2025-09-18"},
        )
        assert response.status_code == 409
        assert Appointment.objects.count() == 1

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_list_costs_the_same(self, desk, django_assert_max_num_queries, rows):
        adopt(co_chairs={"value": 99, "article": "4"})
        for number in range(rows):
            officer(name=f"회원{number}")
        desk.get(f"{DESK}/appointment/")
        with django_assert_max_num_queries(12):
            desk.get(f"{DESK}/appointment/")


def rule_fields(**changed):
    """The form of a draft, as it is sent back."""
    return {
        "co_chairs": 5,
        "auditors_least": 1,
        "auditors_most": 2,
        "committee_least": 15,
        "committee_most": 20,
        "term_years": 2,
        "general_month": 9,
        "callers_members": 3,
        "callers_co_chairs": 1,
        "chair_is_co_chair": "on",
        "provinces": "on",
        "by_resolution": "on",
        "articles_text": "제1조 목적\n함께 배운다.\n\n제2조 회원\n단체장으로 한다.",
        "note": "",
        **changed,
    }


class TestDraftingBylaws:
    def test_a_draft_begins_as_the_latest_version_and_is_changed(self, desk):
        adopt()
        assert "함께 배운다." in desk.get(f"{DESK}/bylaws/add/").content.decode()
        assert desk.post(f"{DESK}/bylaws/add/", rule_fields(co_chairs=7)).status_code == 302
        draft = Bylaws.objects.get(status=BylawsStatus.DRAFT)
        assert draft.rules["co_chairs"]["value"] == 7
        page = f"{DESK}/bylaws/{draft.pk}/change/"
        desk.post(page, rule_fields(co_chairs=6))
        draft.refresh_from_db()
        assert draft.rules["co_chairs"]["value"] == 6

    def test_a_second_draft_is_refused(self, desk):
        adopt()
        desk.post(f"{DESK}/bylaws/add/", rule_fields())
        assert desk.post(f"{DESK}/bylaws/add/", rule_fields()).status_code == 409
        assert Bylaws.objects.count() == 2

    @pytest.mark.parametrize("text", ["목적 없이 시작한다", "제1조 목적\n", " ", "제1조 목적\n가\n제1조 회원\n나"])
    def test_articles_that_cannot_be_read_are_said(self, desk, text):
        adopt()
        assert desk.post(f"{DESK}/bylaws/add/", rule_fields(articles_text=text)).status_code in {400, 409}
        assert Bylaws.objects.count() == 1

    def test_rules_that_contradict_themselves_are_said(self, desk):
        adopt()
        response = desk.post(f"{DESK}/bylaws/add/", rule_fields(auditors_least=3, auditors_most=1))
        assert response.status_code in {400, 409}
        assert Bylaws.objects.count() == 1

    def test_an_adopted_version_is_only_read(self, desk):
        version = adopt()
        page = f"{DESK}/bylaws/{version.pk}"
        html = desk.get(f"{page}/change/").content.decode()
        assert ">None<" not in html
        assert f"/club/bylaws/{version.number}/" in html
        assert desk.post(f"{page}/change/", rule_fields()).status_code in {403, 404}
        assert desk.post(f"{page}/adopt/", {}).status_code in {400, 404, 409}


def assembly(secretary, members, kind=ClubMeetingKind.GENERAL):
    """An assembly of these members that was called, opened, and is going on."""
    start = timezone.now() + timedelta(days=8)
    club_meeting = plan_meeting(
        plan=Plan(
            kind=kind,
            title="정기총회",
            place="시청",
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            callers=members[:1],
        ),
        actor=secretary,
        at=timezone.now(),
    )
    call_meeting(meeting_id=club_meeting.meeting_id, actor=secretary, at=timezone.now())
    for participant in club_meeting.meeting.participants.all():
        check_in(participant_id=participant.pk, way=CheckInWay.DESK, actor=secretary, at=start)
    open_meeting(meeting_id=club_meeting.meeting_id, actor=secretary, at=start)
    return club_meeting, start


def test_a_members_account_finds_each_meeting_once(client, secretary):
    adopt()
    chair = serving_member(name="가대표")
    officer(member=chair)
    serving_member(name="나회원")
    club_meeting, _start = assembly(secretary, [chair])
    account = acting_for(chair)

    assert list(visible_meetings(account)) == [club_meeting.meeting]


class TestClubMeetings:
    @pytest.fixture
    def chair(self):
        adopt()
        member = serving_member(name="가대표")
        officer(member=member)
        return member

    def plan(self, **changed):
        return {
            "kind": "general",
            "title": "정기총회",
            "about": "",
            "place": "시청 대강당",
            "address": "",
            "starts_at": "2027-09-15T14:00",
            "ends_at": "2027-09-15T16:00",
            **changed,
        }

    def test_it_is_planned_with_its_members_and_callers(self, desk, chair):
        serving_member()
        response = desk.post(f"{DESK}/clubmeeting/add/", self.plan(called_by=[chair.pk]))
        club_meeting = ClubMeeting.objects.get()
        assert response.status_code == 302
        assert club_meeting.meeting.participants.count() == 2
        assert list(club_meeting.called_by.all()) == [chair]
        assert desk.get(response.url).status_code == 200
        assert "+00:00" not in desk.get(f"{DESK}/clubmeeting/{club_meeting.pk}/change/").content.decode()

    @pytest.mark.usefixtures("chair")
    def test_one_that_ends_before_it_begins_is_refused(self, desk):
        response = desk.post(f"{DESK}/clubmeeting/add/", self.plan(ends_at="2027-09-15T13:00"))
        assert response.status_code in {400, 409}
        assert not ClubMeeting.objects.exists()

    def test_who_calls_it_is_named_later(self, desk, chair):
        desk.post(f"{DESK}/clubmeeting/add/", self.plan())
        club_meeting = ClubMeeting.objects.get()
        page = f"{DESK}/clubmeeting/{club_meeting.pk}/callers/"
        assert desk.post(page, {}).status_code == 400
        assert desk.post(page, {"called_by": [chair.pk]}).status_code == 302
        assert list(club_meeting.called_by.all()) == [chair]

    def test_those_elected_come_into_office(self, desk, secretary, chair):
        adopted = Appointment.objects.count()
        newcomer = serving_member(name="나신임")
        club_meeting, start = assembly(secretary, [chair, newcomer])
        other, _start = assembly(secretary, [chair, newcomer])
        participant = club_meeting.meeting.participants.get(club_member__member=newcomer)
        election = record_election(
            meeting_id=club_meeting.meeting_id,
            text="공동대표를 뽑는다",
            present=2,
            seats=1,
            candidates=[Standing(name=newcomer.name, votes=2, participant_id=participant.pk)],
            actor=secretary,
            at=start,
        )
        for one in (club_meeting, other):
            close_meeting(meeting_id=one.meeting_id, actor=secretary, at=start + timedelta(hours=1))
        page = f"{DESK}/clubmeeting/{club_meeting.pk}/install/"
        sent = {"resolution": election.pk, "position": "co_chair", "since": f"{start:%Y-%m-%d}"}
        assert f'value="{election.pk}"' in desk.get(page).content.decode()
        assert desk.post(f"{DESK}/clubmeeting/{other.pk}/install/", sent).status_code == 400
        assert desk.post(page, sent).status_code == 302
        assert Appointment.objects.filter(resolution=election, member=newcomer).exists()
        assert Appointment.objects.count() == adopted + 1
        # Once in office, the election is offered no more.
        assert desk.post(page, sent).status_code == 400

    @pytest.mark.usefixtures("chair")
    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_list_costs_the_same(self, desk, django_assert_max_num_queries, rows):
        for _number in range(rows):
            desk.post(f"{DESK}/clubmeeting/add/", self.plan())
        with django_assert_max_num_queries(10):
            desk.get(f"{DESK}/clubmeeting/")


class TestMoneyAtTheDesk:
    def test_dues_are_set_with_their_ground(self, desk):
        sent = {"amount": 200_000, "from_month": "2026-01-01", "resolution": "", "basis": ""}
        assert desk.post(f"{DESK}/duesrate/add/", sent).status_code in {400, 409}
        assert desk.post(f"{DESK}/duesrate/add/", sent | {"basis": "운영위원회 결정"}).status_code == 302
        assert DuesRate.objects.get().amount == 200_000
        assert "200,000" in desk.get(f"{DESK}/duesrate/").content.decode()

    def test_a_payment_is_entered_never_edited_and_taken_back_once(self, desk):
        member = serving_member()
        sent = {"member": member.pk, "amount": 150_000, "received_on": timezone.localdate().isoformat(), "note": ""}
        assert desk.post(f"{DESK}/payment/add/", sent).status_code == 302
        payment = Payment.objects.get()
        page = f"{DESK}/payment/{payment.pk}"
        assert "150,000" in desk.get(f"{page}/change/").content.decode()
        assert desk.post(f"{page}/change/", sent | {"amount": 1}).status_code in {403, 404}
        assert desk.post(f"{page}/take-back/", {"reason": " "}).status_code == 400
        assert desk.post(f"{page}/take-back/", {"reason": "다른 회원의 돈"}).status_code == 302
        assert desk.post(f"{page}/take-back/", {"reason": "다시"}).status_code in {404, 409}
        payment.refresh_from_db()
        assert payment.amount == 150_000

    @pytest.mark.parametrize("amount", ["0", "-5", "100000001", "x", "1.5"])
    def test_odd_amounts_are_refused(self, desk, amount):
        sent = {
            "member": serving_member().pk,
            "amount": amount,
            "received_on": timezone.localdate().isoformat(),
            "note": "",
        }
        assert desk.post(f"{DESK}/payment/add/", sent).status_code in {400, 409}
        assert not Payment.objects.exists()

    def test_a_payment_of_tomorrow_is_refused(self, desk):
        tomorrow = timezone.localdate() + timedelta(days=1)
        sent = {"member": serving_member().pk, "amount": 5, "received_on": tomorrow.isoformat(), "note": ""}
        assert desk.post(f"{DESK}/payment/add/", sent).status_code in {400, 409}
        assert not Payment.objects.exists()

    def test_a_wrong_charge_is_taken_back_and_owed_no_more(self, desk):
        serving_member()
        charged()
        charge = DuesCharge.objects.get()
        page = f"{DESK}/duescharge/{charge.pk}"
        assert desk.get(f"{page}/change/").status_code == 200
        assert desk.post(f"{page}/take-back/", {"reason": "이미 떠났습니다."}).status_code == 302
        assert desk.get("/club/dues/").context["open_sum"] == 0
        assert desk.get(f"{DESK}/duescharge/add/").status_code == 404

    def test_costs_are_split_among_those_chosen(self, desk):
        members = [serving_member() for _number in range(3)]
        sent = {
            "title": "만찬",
            "total": 100,
            "forum": "",
            "members": [one.pk for one in members],
            "rule": RemainderRule.REMAINDER_TO_CLUB.value,
            "host": "",
            "split_on": timezone.localdate().isoformat(),
        }
        assert desk.post(f"{DESK}/costshare/add/", sent | {"members": []}).status_code == 400
        assert desk.post(f"{DESK}/costshare/add/", sent | {"rule": RemainderRule.TO_HOST.value}).status_code == 409
        assert desk.post(f"{DESK}/costshare/add/", sent).status_code == 302
        share = CostShare.objects.get()
        assert (share.remainder, [line.amount for line in share.lines.all()]) == (1, [33, 33, 33])
        assert desk.post(f"{DESK}/costshare/{share.pk}/take-back/", {"reason": "두 번 나눴습니다."}).status_code == 302
        assert desk.get("/club/dues/").context["open_sum"] == 0

    @pytest.mark.parametrize("rows", [1, 30])
    @pytest.mark.parametrize(("name", "queries"), [("payment", 12), ("duescharge", 12), ("costshare", 14)])
    def test_the_lists_cost_the_same(self, desk, django_assert_max_num_queries, rows, name, queries):
        members = [serving_member() for _number in range(rows)]
        charged()
        for member in members:
            record_payment(
                member_id=member.pk, amount=5, received_on=date(2026, 1, 1), note="", actor=None, at=timezone.now()
            )
            split_cost(
                title="만찬",
                total=10,
                members=[member],
                rule=RemainderRule.REMAINDER_TO_CLUB,
                split_on=date(2026, 1, 1),
                actor=None,
                at=timezone.now(),
            )
        desk.get(f"{DESK}/{name}/")
        with django_assert_max_num_queries(queries):
            desk.get(f"{DESK}/{name}/")


def test_forms_without_a_token_are_refused(secretary):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(secretary)
    for page in ("/club/dues/charge/", "/club/dues/remind/", f"{DESK}/payment/add/", f"{DESK}/bylaws/add/"):
        assert strict.post(page, {}).status_code == 403
    assert not Member.objects.filter(status=MemberStatus.LEFT).exists()
