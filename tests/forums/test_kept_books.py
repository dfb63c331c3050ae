"""Finished forum books kept among the publications: by the secretariat, in one click, from the page of the job."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from core.audit.models import AccessEntry
from core.errors import RuleViolation
from core.jobs.files import keep_file
from core.jobs.models import Job
from core.jobs.states import JobStatus
from forums.models import Publication
from forums.services.books import keep_book
from forums.services.forums import publish_forum
from forums.states import PublicationKind, PublicationStatus
from residents.models import LocalElection
from residents.states import Role
from tests.factories import UserFactory, acting_for, official, serving_member
from tests.forums.events import planned
from tests.forums.test_materials import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_second_factor(settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def secretary():
    return official(Role.CLUB_SECRETARIAT)


@pytest.fixture
def forum():
    forum = planned()
    publish_forum(forum_id=forum.pk, actor=None, at=timezone.now() - timedelta(days=1))
    return forum


def book(forum, owner, tmp_path, *, pages=2, document="forum-book", file_format="pdf", ordered_at=None):
    """A finished job that made the book of the forum."""
    now = timezone.now()
    path = tmp_path / "book.pdf"
    path.write_bytes(pdf(pages))
    made = keep_file(
        path=path,
        name="포럼 자료집.pdf",
        content_type="application/pdf",
        made_by=owner,
        keep_days=30,
        at=now,
        pages=pages,
    )
    return Job.objects.create(
        kind="reports.document",
        title="자료집",
        parameters={"document": document, "format": file_format, "values": {"forum": f"#{forum.pk}"}},
        owner=owner,
        status=JobStatus.DONE,
        ordered_at=ordered_at or now,
        finished_at=now,
        file=made,
        file_kept_until=made.expires_at,
    )


def keep(client, job):
    return client.post(reverse("forums:keep_book", args=[job.pk]))


def test_a_finished_book_is_kept_in_one_click(client, secretary, forum, tmp_path) -> None:
    job = book(forum, secretary, tmp_path)
    client.force_login(secretary)
    page = client.get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert re.search(rf'action="{reverse("forums:keep_book", args=[job.pk])}" data-part="offer">', page)
    response = keep(client, job)
    kept = Publication.objects.get()
    assert response.url == f"{reverse('forums:publications')}#publication-{kept.pk}"
    assert (kept.kind, kept.status, kept.forum) == (PublicationKind.BOOK, PublicationStatus.PUBLISHED, forum)
    assert (kept.pages, kept.sha256, kept.year) == (2, job.file.sha256, forum.starts_on.year)
    job.file.content.delete()
    file = client.get(reverse("forums:publication_file", args=[kept.pk]))
    assert b"".join(file.streaming_content) == pdf(2)


def test_sent_twice_it_is_kept_once_and_a_later_book_takes_its_place(client, secretary, forum, tmp_path) -> None:
    client.force_login(secretary)
    first, later = book(forum, secretary, tmp_path), book(forum, secretary, tmp_path, pages=3)
    for job in (first, first, later):
        assert keep(client, job).status_code == 302
    kept = Publication.objects.get()
    assert (kept.pages, kept.sha256) == (3, later.file.sha256)


@pytest.mark.parametrize(
    "who",
    [lambda: None, UserFactory, lambda: acting_for(serving_member()), lambda: official(Role.OPERATOR)],
    ids=["anybody", "an account", "a member", "the operator"],
)
def test_nobody_else_keeps_a_book(client, forum, tmp_path, who) -> None:
    user = who()
    job = book(forum, user or UserFactory(), tmp_path)
    if user:
        client.force_login(user)
        assert 'data-part="offer"' not in client.get(reverse("jobs:job", args=[job.pk])).content.decode()
    assert keep(client, job).status_code == 404
    assert not Publication.objects.exists()


def test_a_book_of_somebody_else_or_another_paper_is_unknown(client, secretary, forum, tmp_path) -> None:
    client.force_login(secretary)
    for job in (
        book(forum, official(Role.CLUB_SECRETARIAT), tmp_path),
        book(forum, secretary, tmp_path, document="member-directory"),
        book(forum, secretary, tmp_path, file_format="hwpx"),
    ):
        assert keep(client, job).status_code == 404
    assert client.get(reverse("forums:keep_book", args=[job.pk])).status_code == 405


def test_a_book_of_the_draft_is_not_kept(secretary, forum, tmp_path) -> None:
    job = book(forum, secretary, tmp_path, ordered_at=timezone.now() - timedelta(days=2))
    with pytest.raises(RuleViolation) as refused:
        keep_book(job_id=job.pk, actor=secretary, at=timezone.now())
    assert refused.value.code == "book_of_a_draft"


def test_a_file_whose_time_is_over_is_said_to_be_gone(secretary, forum, tmp_path) -> None:
    job = book(forum, secretary, tmp_path)
    with pytest.raises(RuleViolation) as refused:
        keep_book(job_id=job.pk, actor=secretary, at=timezone.now() + timedelta(days=31))
    assert refused.value.status == 410


def test_before_an_election_it_is_kept_in_preparation(client, secretary, forum, tmp_path) -> None:
    """O6: kept, not lost; published when the restriction is over."""
    today = timezone.localdate()
    election = LocalElection.objects.create(held_on=today + timedelta(days=180), title="지방선거")
    client.force_login(secretary)
    job = book(forum, secretary, tmp_path)
    keep(client, job)
    kept = Publication.objects.get()
    assert (kept.status, kept.pages) == (PublicationStatus.DRAFT, 2)
    assert keep(client, job).status_code == 302
    election.delete()
    keep(client, job)
    kept.refresh_from_db()
    assert kept.status == PublicationStatus.PUBLISHED


def test_a_published_book_is_not_replaced_before_an_election(secretary, forum, tmp_path) -> None:
    keep_book(job_id=book(forum, secretary, tmp_path).pk, actor=secretary, at=timezone.now())
    LocalElection.objects.create(held_on=timezone.localdate(), title="지방선거")
    with pytest.raises(RuleViolation):
        keep_book(job_id=book(forum, secretary, tmp_path, pages=3).pk, actor=secretary, at=timezone.now())
    assert Publication.objects.get().pages == 2


def test_taking_a_book_from_the_archive_leaves_a_trace(client, secretary, forum, tmp_path) -> None:
    """It holds the directory of members."""
    kept, _why = keep_book(job_id=book(forum, secretary, tmp_path).pk, actor=secretary, at=timezone.now())
    client.force_login(acting_for(serving_member()))
    client.get(reverse("forums:publication_file", args=[kept.pk]))
    assert AccessEntry.objects.filter(what="forums.member", act="download").count() == 1
