"""Courses of the residents' school: planned, listed, attended, taken from a table, certified."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse

from core.errors import RuleViolation
from core.notices.models import Delivery
from councils.documents.education import build
from councils.importers.attendance import NAME, clock
from councils.models import Application, EducationCertificate, Learner
from councils.queries.courses import courses_of, lessons_of, minutes_attended
from councils.services.applications import withdraw
from councils.services.courses import (
    CourseFacts,
    Lecture,
    issue_education_certificates,
    plan_course,
    plan_course_for_region,
)
from councils.services.eligibility import confirm_eligibility, credit_hours
from councils.services.pool import settle_pool
from councils.states import ApplicationStatus
from meetings.models import Participant
from meetings.services import cancel_meeting, change_meeting, enter_attendance
from meetings.states import MeetingStatus
from reports.registry import Order
from residents.states import Role
from tests.core.imports.tables import Imports, xlsx
from tests.councils.recruiting import DATES, OPEN, SETTLING, announced, apply, settled
from tests.councils.test_applying import text
from tests.factories import SEOUL, UserFactory, official

pytestmark = pytest.mark.django_db

DAY = date(2026, 6, 24)
LATE = DATES.learning_until
AFTER = datetime(2026, 6, 30, 9, 0, tzinfo=SEOUL)
HEADINGS = ["교육 번호", "접수 번호", "성명", "날짜", "입실", "퇴실"]


def at(hour, minute=0, day=DAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SEOUL)


TWO = (Lecture("주민자치의 이해", at(14), at(16)), Lecture("회의 진행", at(16), at(18)))


def plan(recruitment, *, lectures=TWO, when=OPEN, **changed):
    facts = CourseFacts(**{"title": "주민자치학교", "place": "주민센터", "lectures": lectures, **changed})
    return plan_course(recruitment_id=recruitment.pk, facts=facts, actor=UserFactory(), at=when)


def attend(application, course, arrives, leaves):
    person = Participant.objects.get(learner__application=application, meeting=course.meeting)
    return enter_attendance(participant_id=person.pk, arrived_at=arrives, left_at=leaves, actor=UserFactory(), at=AFTER)


@pytest.fixture
def recruitment():
    return announced(hours=4)


class TestPlanning:
    def test_who_applied_before_and_who_applies_later_is_on_the_list(self, recruitment):
        first = apply(recruitment, user=UserFactory(name="김하나"), name="김하나")
        course = plan(recruitment)
        second = apply(recruitment)

        course.meeting.refresh_from_db()
        assert {one.application for one in Learner.objects.all()} == {first, second}
        assert course.meeting.status == MeetingStatus.CALLED
        assert not course.meeting.participants.filter(is_eligible=True).exists()

    def test_a_course_without_anybody_is_called_with_the_first_applicant(self, recruitment):
        course = plan(recruitment)
        assert course.meeting.status == MeetingStatus.DRAFT

        apply(recruitment)

        course.meeting.refresh_from_db()
        assert course.meeting.status == MeetingStatus.CALLED

    def test_who_withdraws_is_taken_off_and_who_was_there_stays(self, recruitment):
        course = plan(recruitment)
        leaves, was_there = apply(recruitment), apply(recruitment)
        attend(was_there, course, at(14), at(15))

        withdraw(application_id=leaves.pk, actor=None, at=AFTER)
        withdraw(application_id=was_there.pk, actor=None, at=AFTER)

        assert [one.application for one in Learner.objects.all()] == [was_there]

    def test_who_applies_again_brings_their_hours_along(self, recruitment):
        user, early = UserFactory(name="김하나"), date(2026, 6, 10)
        course = plan(recruitment, lectures=(Lecture("1강", at(14, day=early), at(16, day=early)),))
        before = apply(recruitment, user=user, name="김하나")
        person = Participant.objects.get(learner__application=before)
        enter_attendance(
            participant_id=person.pk,
            arrived_at=at(14, day=early),
            left_at=at(16, day=early),
            actor=None,
            at=at(20, day=early),
        )
        withdraw(application_id=before.pk, actor=user, at=at(21, day=early))

        again = apply(recruitment, user=user, name="김하나", at=at(9, day=date(2026, 6, 11)))

        assert course.meeting.participants.count() == 1
        assert minutes_attended([again], at=AFTER) == {again.pk: 120}

    def test_a_course_of_the_district_counts_for_its_recruitments(self, recruitment):
        facts = CourseFacts("구 주민자치학교", "구청", TWO)

        plan_course_for_region(region=recruitment.council.dong.parent, facts=facts, actor=UserFactory(), at=OPEN)
        application = apply(recruitment)

        assert [course.meeting.title for course in courses_of(recruitment)] == ["구 주민자치학교"]
        assert Learner.objects.get().application == application

    @pytest.mark.parametrize(
        ("lectures", "code"),
        [
            ((), "no_lecture"),
            (
                (Lecture("늦음", DATES.learning_until, DATES.learning_until + timedelta(hours=2)),),
                "after_the_hours_count",
            ),
            ((Lecture("거꾸로", at(16), at(14)),), "ends_before_start"),
            ((TWO[0], Lecture("겹침", at(15), at(17))), "sittings_overlap"),
        ],
    )
    def test_what_cannot_be_planned_is_refused_whole(self, recruitment, lectures, code):
        with pytest.raises(RuleViolation) as no:
            plan(recruitment, lectures=lectures)

        assert no.value.code == code
        assert not courses_of(recruitment)

    def test_after_the_pool_is_settled_nothing_is_added(self):
        recruitment = settled(pool=12)

        with pytest.raises(RuleViolation) as no:
            plan(recruitment)

        assert no.value.code == "pool_settled"


class TestHours:
    def test_lectures_count_breaks_do_not(self, recruitment):
        course = plan(recruitment, lectures=(Lecture("1강", at(14), at(16)), Lecture("2강", at(17), at(18))))
        application = apply(recruitment)

        attend(application, course, at(14, 30), at(17, 30))

        assert minutes_attended([application], at=AFTER) == {application.pk: 120}
        assert [one.minutes for one in lessons_of(recruitment, application, AFTER)] == [90, 30]

    def test_a_course_that_was_called_off_counts_nothing(self, recruitment):
        course = plan(recruitment)
        application = apply(recruitment)
        cancel_meeting(meeting_id=course.meeting_id, reason="강사 사정", actor=None, at=OPEN)

        assert minutes_attended([application], at=AFTER) == {application.pk: 0}
        assert all(lesson.is_cancelled for lesson in lessons_of(recruitment, application, AFTER))

    def test_hours_of_thirty_take_as_many_queries_as_of_one(self, recruitment, django_assert_num_queries):
        course = plan(recruitment)
        people = [apply(recruitment) for _number in range(30)]
        attend(people[0], course, at(14), at(15))
        with django_assert_num_queries(3):
            minutes_attended(people[:1], at=AFTER)
        with django_assert_num_queries(3):
            minutes_attended(people, at=AFTER)


class TestCertificates:
    def test_who_has_the_hours_gets_one_once(self, recruitment):
        course = plan(recruitment)
        enough, short = apply(recruitment), apply(recruitment)
        attend(enough, course, at(14), at(18))
        attend(short, course, at(14), at(15))
        actor = UserFactory()

        assert issue_education_certificates(recruitment_id=recruitment.pk, actor=actor, at=AFTER) == 1
        with pytest.raises(RuleViolation):
            issue_education_certificates(recruitment_id=recruitment.pk, actor=actor, at=AFTER)

        certified = EducationCertificate.objects.get()
        assert (certified.application, certified.minutes) == (enough, 240)
        assert certified.certificate.holder_name == enough.name

    def test_credited_hours_are_certified_too(self, recruitment):
        course = plan(recruitment)
        application = apply(recruitment)
        attend(application, course, at(14), at(16))
        credit_hours(application_id=application.pk, minutes=120, reason="다른 동 수료증", actor=UserFactory(), at=OPEN)

        assert issue_education_certificates(recruitment_id=recruitment.pk, actor=UserFactory(), at=AFTER) == 1


class TestTable:
    @pytest.fixture
    def keeper(self, recruitment, settings):
        settings.OFFICIALS_NEED_SECOND_FACTOR = False
        return official(Role.DONG_OFFICIAL, recruitment.council.dong)

    @pytest.fixture
    def imports(self, keeper, settings, tmp_path, django_capture_on_commit_callbacks):
        storages = {**settings.STORAGES}
        storages["default"] = {**storages["default"], "OPTIONS": {"location": str(tmp_path / "media")}}
        settings.STORAGES = storages
        found = Imports(keeper, django_capture_on_commit_callbacks, NAME)
        found.at = AFTER
        return found

    def rows(self, course, application, arrived="14:00", left="18:00"):
        return [[course.meeting_id, application.number, application.name, DAY, arrived, left]]

    def test_times_become_attendance(self, recruitment, imports):
        course = plan(recruitment)
        application = apply(recruitment)

        imports.written(xlsx(self.rows(course, application), HEADINGS))

        assert minutes_attended([application], at=AFTER) == {application.pk: 240}

    def test_the_same_table_changes_nothing_and_another_corrects(self, recruitment, imports):
        course = plan(recruitment)
        application = apply(recruitment)
        imports.written(xlsx(self.rows(course, application), HEADINGS))

        assert imports.checked(xlsx(self.rows(course, application), HEADINGS)).counts == {"same": 1}
        imports.written(xlsx(self.rows(course, application, left="15:00"), HEADINGS))

        assert minutes_attended([application], at=AFTER) == {application.pk: 60}

    def test_hours_count_from_the_first_lecture(self, recruitment, imports):
        course = plan(recruitment)
        application = apply(recruitment)

        imports.written(
            xlsx([[course.meeting_id, application.number, application.name, DAY, 1.5]], [*HEADINGS[:4], "이수 시간"])
        )

        assert minutes_attended([application], at=AFTER) == {application.pk: 90}

    @pytest.mark.parametrize(
        "change",
        [{0: 9999}, {1: 77}, {2: "다른사람"}, {3: date(2026, 6, 25)}, {4: "점심"}, {4: "19:00"}, {4: "", 5: ""}],
    )
    def test_wrong_rows_are_told(self, recruitment, imports, change):
        course = plan(recruitment)
        row = self.rows(course, apply(recruitment))[0]
        for place, value in change.items():
            row[place] = value

        assert imports.checked(xlsx([row], HEADINGS)).counts == {"wrong": 1}

    def test_another_office_takes_nothing_over(self, imports):
        other = announced(hours=4)
        course = plan(other)
        application = apply(other)

        run = imports.checked(xlsx(self.rows(course, application), HEADINGS))

        assert run.counts == {"wrong": len(self.rows(course, application))}
        assert minutes_attended([application], at=AFTER) == {application.pk: 0}

    @pytest.mark.parametrize(("written", "read"), [("9:05", "09:05"), ("14시 30분", "14:30"), ("9시", "09:00")])
    def test_times_are_read_as_people_write_them(self, written, read):
        assert clock(written) == read


class TestPages:
    @pytest.fixture
    def desk(self, client, recruitment, settings, monkeypatch):
        settings.OFFICIALS_NEED_SECOND_FACTOR = False
        monkeypatch.setattr("django.utils.timezone.now", lambda: OPEN)
        client.force_login(official(Role.DONG_OFFICIAL, recruitment.council.dong))
        return client

    def address(self, recruitment):
        return reverse("councils:courses", args=[recruitment.pk])

    def form(self, **changed):
        rows = {"lecture-TOTAL_FORMS": "6", "lecture-INITIAL_FORMS": "0", "lecture-0-day": "2026-06-24",
                "lecture-0-starts": "14:00", "lecture-0-ends": "16:00", "lecture-0-title": ""}  # fmt: skip
        return {"title": "주민자치학교", "place": "주민센터", **rows, **changed}

    def test_an_official_plans_a_course(self, desk, recruitment):
        apply(recruitment)

        response = desk.post(self.address(recruitment), self.form(), follow=True)

        assert response.status_code == 200
        course = courses_of(recruitment).get()
        assert course.meeting.participants.count() == 1
        assert str(course.meeting_id) in text(response)

    @pytest.mark.parametrize(
        "wrong", [{"title": ""}, {"lecture-0-day": ""}, {"lecture-0-ends": "13:00"}, {"lecture-0-day": "x"},
                  {"lecture-TOTAL_FORMS": "x"}, {"lecture-0-day": "2027-01-01"}]
    )  # fmt: skip
    def test_what_cannot_be_is_a_sentence(self, desk, recruitment, wrong):
        response = desk.post(self.address(recruitment), self.form(**wrong))

        assert response.status_code in {400, 409}
        assert not courses_of(recruitment)

    def test_the_district_plans_for_all_of_its_dongs_and_the_dong_does_not(self, desk, client, recruitment):
        desk.post(self.address(recruitment), self.form(for_district="on"))
        assert courses_of(recruitment).get().recruitment == recruitment

        client.force_login(official(Role.DISTRICT_OFFICIAL, recruitment.council.dong.parent))
        client.post(self.address(recruitment), self.form(for_district="on", title="구 학교"))

        assert {course.recruitment for course in courses_of(recruitment)} == {recruitment, None}

    def test_it_is_for_officials_of_the_dong(self, client, recruitment, settings):
        settings.OFFICIALS_NEED_SECOND_FACTOR = False
        client.force_login(official(Role.DONG_OFFICIAL, announced().council.dong))

        assert client.get(self.address(recruitment)).status_code == 403
        assert client.post(reverse("councils:certify_education", args=[recruitment.pk])).status_code == 403

    def test_certificates_are_issued_from_the_page(self, desk, recruitment):
        assert desk.post(reverse("councils:certify_education", args=[recruitment.pk])).status_code == 409


def test_who_is_on_the_list_hears_of_another_time(recruitment):
    course = plan(recruitment)
    apply(recruitment, user=UserFactory(email="hana@example.org", name="김하나"), name="김하나")
    before = Delivery.objects.count()

    change_meeting(meeting_id=course.meeting_id, values={"place": "구청 강당"}, actor=None, at=OPEN)

    told = Delivery.objects.order_by("pk").last()
    assert Delivery.objects.count() == before + 1
    assert told.mailing.kind == "councils.course_changed"
    assert told.context["place"] == "구청 강당"


def test_confirming_leads_to_learning_and_short_hours_to_exclusion(recruitment):
    course = plan(recruitment)
    enough, short = apply(recruitment), apply(recruitment)
    actor = UserFactory()
    for one in (enough, short):
        confirm_eligibility(application_id=one.pk, document="주민등록증", actor=actor, at=OPEN)
    attend(enough, course, at(14), at(18))
    attend(short, course, at(14), at(15))

    settle_pool(recruitment_id=recruitment.pk, actor=actor, at=SETTLING)

    found = dict(Application.objects.values_list("pk", "status"))
    assert found == {enough.pk: ApplicationStatus.POOL, short.pk: ApplicationStatus.EXCLUDED}


def test_the_list_of_education_says_who_has_the_hours(recruitment):
    course = plan(recruitment)
    enough, short = apply(recruitment), apply(recruitment)
    attend(enough, course, at(14), at(18))
    attend(short, course, at(14), at(15))
    issue_education_certificates(recruitment_id=recruitment.pk, actor=UserFactory(), at=AFTER)

    report = build(Order(values={"recruitment": recruitment.pk}, reader=None, at=AFTER))

    rows = report.sections[0].blocks[0].rows
    assert [(row[0], row[2], bool(row[5]), bool(row[6])) for row in rows] == [
        (1, 240, False, True),
        (2, 60, True, False),
    ]
