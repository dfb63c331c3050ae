"""Everybody's jobs on the desk: for the operator, to read."""

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry
from core.jobs.models import Job
from core.jobs.services import order_job
from core.jobs.states import JobStatus
from residents import personal_data
from residents.services import erase_person
from residents.states import Role
from tests.core.jobs.kinds import known
from tests.factories import NOON, JobFactory, RoleFactory, UserFactory

pytestmark = pytest.mark.django_db
LIST = "admin:jobs_job_changelist"


@pytest.fixture(autouse=True)
def _one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def sign_in(client, role):
    user = RoleFactory(role=role, region=None).user
    client.force_login(user)
    return user


@pytest.fixture
def operator(client):
    return sign_in(client, Role.OPERATOR)


def test_the_operator_sees_everybodys_jobs_and_that_is_noted(client, operator):
    JobFactory(owner=UserFactory(name="고다은"), status=JobStatus.FAILED, message="읽지 못했습니다.")
    html = client.get(reverse(LIST)).content.decode()
    assert "고다은" in html
    assert "읽지 못했습니다." in html
    assert AccessEntry.objects.get().what == "jobs.job"


def test_opening_one_is_noted_unless_it_is_ones_own(client, operator):
    owner = UserFactory()
    for job in (JobFactory(owner=owner), JobFactory(owner=None), JobFactory(owner=operator)):
        client.get(reverse("admin:jobs_job_change", args=[job.pk]))
    traces = AccessEntry.objects.order_by("at").values_list("act", "whose")
    assert list(traces) == [("read", owner.pseudonym), ("read", None)]


def test_others_do_not(client):
    sign_in(client, Role.CLUB_SECRETARIAT)
    assert client.get(reverse(LIST)).status_code == 404


def test_nothing_is_changed_there(client, operator):
    job = JobFactory()
    page = client.get(reverse("admin:jobs_job_change", args=[job.pk]))
    assert page.status_code == 200
    assert '<input type="submit"' not in page.content.decode()
    assert client.post(reverse("admin:jobs_job_change", args=[job.pk]), {"title": "x"}).status_code in {403, 404}
    job.refresh_from_db()
    assert job.title != "x"


def test_the_list_is_narrowed_down_by_state_and_kind(client, operator):
    JobFactory(title="소식지")
    JobFactory(title="명부", kind="other", status=JobStatus.DONE, finished_at=timezone.now())
    for query in ({"status__exact": "done"}, {"kind": "other"}):
        html = client.get(reverse(LIST), query).content.decode()
        assert "명부" in html
        assert "소식지" not in html
    assert client.get(reverse(LIST), {"kind": "unknown"}).status_code == 400


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_the_same_queries(client, operator, number, django_assert_num_queries):
    JobFactory.create_batch(number)
    client.get(reverse(LIST))
    with django_assert_num_queries(7):
        client.get(reverse(LIST))


def test_the_corner_leads_to_ones_own_jobs(client, operator):
    html = client.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("jobs:list")}" data-jobs="{reverse("jobs:unfinished")}"' in html


def test_ones_jobs_are_among_ones_data():
    person = UserFactory()
    with known("test", lambda _work: None):
        order_job(kind="test", title="회원 명부", parameters={}, owner=person, at=NOON)
    section = next(section for section in personal_data.sections_of(person) if section.key == "jobs")
    assert next(fact.value for fact in section.records[0]) == "회원 명부"


def test_erasing_a_person_takes_their_jobs_along():
    person = UserFactory()
    job = JobFactory(owner=person, title="고다은의 명부")
    erase_person(user_id=person.pk, actor=None, at=NOON)
    assert Job.objects.filter(pk=job.pk).values_list("title", "owner", "status").get() == (
        "test",
        None,
        JobStatus.CANCELLED,
    )
