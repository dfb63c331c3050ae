"""What the club publishes: the desk's list, the archive, its files, the restriction before elections."""

import io
import re
from datetime import date, datetime

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.errors import RuleViolation
from forums.models import Publication
from forums.services.publications import (
    add_publication,
    change_publication,
    publish_publication,
    set_publication_file,
    withdraw_publication,
)
from forums.states import PublicationKind, PublicationStatus
from residents.models import LocalElection
from residents.states import Role
from tests.factories import NOON, SEOUL, UserFactory, acting_for, official, serving_member
from tests.forums.test_materials import hwpx, pdf, picture

pytestmark = pytest.mark.django_db

GIVEN = {"actor": None, "at": NOON}
LIST = "forums:publications"


def journal(number=22, **fields):
    values = {"kind": "journal", "title": f"목민광장 제{number}호", "year": 2022, "number": number, **fields}
    return add_publication(**values, **GIVEN)


def published(**fields):
    return publish_publication(publication_id=journal(**fields).pk, **GIVEN)


def content(response):
    return b"".join(response.streaming_content)


def test_a_publication_is_kept_with_its_file() -> None:
    one = journal(data=pdf(3), name="목민광장 22.pdf")
    assert (one.pages, one.content_type, one.file_name) == (3, "application/pdf", "목민광장 22.pdf")
    assert one.status == PublicationStatus.DRAFT


@pytest.mark.parametrize("data", [hwpx(), picture(), b"<html>", pdf(password="x"), b"%PDF-1.7 broken"])
def test_only_readable_pdfs_are_taken(data) -> None:
    with pytest.raises(RuleViolation):
        journal(data=data, name="x.pdf")
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [{"title": " "}, {"year": 22}, {"kind": "leaflet"}, {"issued_on": date(2021, 12, 31)}],
)
def test_what_does_not_fit_is_refused(fields) -> None:
    with pytest.raises(RuleViolation):
        journal(**fields)
    assert not Publication.objects.exists()


def test_a_number_is_given_once_in_a_kind() -> None:
    first, other = journal(22), journal(21)
    journal(22, kind="series")
    with pytest.raises(RuleViolation):
        journal(22)
    with pytest.raises(RuleViolation):
        change_publication(publication_id=other.pk, changes={"number": first.number}, **GIVEN)
    with pytest.raises(ValueError, match="status"):
        change_publication(publication_id=other.pk, changes={"status": "published"}, **GIVEN)


def test_a_new_file_takes_the_place_of_the_old_one(django_capture_on_commit_callbacks) -> None:
    one = journal(data=pdf(1), name="a.pdf")
    before = one.file.name
    with django_capture_on_commit_callbacks(execute=True):
        one = set_publication_file(publication_id=one.pk, data=pdf(2), name="b.pdf", **GIVEN)
    assert one.pages == 2
    assert not default_storage.exists(before)


def test_nothing_is_published_in_the_time_before_an_election() -> None:
    """O6: 180 days before a local election publicity is restricted."""
    LocalElection.objects.create(held_on=date(2026, 6, 3), title="제9회 지방선거")
    one, at = journal(data=pdf(), name="a.pdf"), datetime(2026, 5, 1, 9, tzinfo=SEOUL)
    with pytest.raises(RuleViolation) as refused:
        publish_publication(publication_id=one.pk, actor=None, at=at)
    assert refused.value.code == "election_publicity"
    publish_publication(publication_id=one.pk, actor=None, at=datetime(2026, 6, 4, 9, tzinfo=SEOUL))
    with pytest.raises(RuleViolation):
        set_publication_file(publication_id=one.pk, data=pdf(2), name="b.pdf", actor=None, at=at)


def test_what_is_published_can_be_taken_back() -> None:
    one = published()
    with pytest.raises(RuleViolation):
        publish_publication(publication_id=one.pk, **GIVEN)
    assert withdraw_publication(publication_id=one.pk, **GIVEN).status == PublicationStatus.DRAFT


# --- The archive ------------------------------------------------------------------------------------------------------


def test_the_archive_shows_what_is_published_and_no_draft(client) -> None:
    one = published()
    journal(21)
    page = client.get(reverse(LIST)).content.decode()
    assert f'id="publication-{one.pk}"' in page
    assert "제21호" not in page


def test_the_archive_is_searched_by_words_year_and_kind(client) -> None:
    published(number=22)
    published(number=1, kind="series", title="지방자치가 우리 삶을 바꾼다", year=2014)
    for asked, found in (
        ({"q": "우리 바꾼다"}, "series"),
        ({"year": "2014"}, "series"),
        ({"kind": "journal"}, "journal"),
    ):
        page = client.get(reverse(LIST), asked).content.decode()
        assert re.findall(r'<h2 id="kind-(\w+)"', page) == [found]
    assert client.get(reverse(LIST), {"q": "없는 말"}).status_code == 200
    for asked in ({"year": "20x4"}, {"year": "²⁰¹⁴"}, {"kind": "leaflet"}):
        assert client.get(reverse(LIST), asked).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_the_archive_takes_the_same_queries_for_any_number(client, django_assert_max_num_queries, count) -> None:
    for number in range(1, count + 1):
        published(number=number)
    client.force_login(official(Role.CLUB_SECRETARIAT))
    client.get(reverse(LIST))
    with django_assert_max_num_queries(13):
        client.get(reverse(LIST))


READERS = {
    "anybody": lambda: None,
    "an account": UserFactory,
    "a member": lambda: acting_for(serving_member()),
    "the secretariat": lambda: official(Role.CLUB_SECRETARIAT),
}


@pytest.mark.parametrize(
    ("kind", "is_public", "readers"),
    [
        (PublicationKind.JOURNAL, True, {"anybody", "an account", "a member", "the secretariat"}),
        (PublicationKind.JOURNAL, False, {"the secretariat"}),
        (PublicationKind.BOOK, True, {"a member", "the secretariat"}),
        (PublicationKind.BOOK, False, {"the secretariat"}),
    ],
)
@pytest.mark.parametrize("reader", READERS)
def test_a_file_goes_to_who_may_have_it(client, kind, is_public, readers, reader) -> None:
    one = journal(kind=kind, data=pdf(), name="책.pdf")
    if is_public:
        publish_publication(publication_id=one.pk, **GIVEN)
    user = READERS[reader]()
    if user:
        client.force_login(user)
    response = client.get(reverse("forums:publication_file", args=[one.pk]))
    if reader not in readers:
        assert response.status_code == 404
        return
    assert content(response).startswith(b"%PDF")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"


def test_without_a_file_there_is_nothing_to_download(client) -> None:
    one = published()
    assert client.get(reverse("forums:publication_file", args=[one.pk])).status_code == 404


# --- The desk ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.CLUB_SECRETARIAT))
    return client


def test_the_secretariat_enters_and_publishes_at_the_desk(desk) -> None:
    values = {
        "kind": "newsletter",
        "number": "3",
        "title": "소식지 3호",
        "year": "2026",
        "issued_on": "",
        "summary": "",
        "forum": "",
        "source": "",
        "upload": SimpleUploadedFile("n.pdf", io.BytesIO(pdf(4)).getvalue(), content_type="text/html"),
    }
    assert desk.post(reverse("admin:forums_publication_add"), values).status_code == 302
    one = Publication.objects.get()
    assert (one.pages, one.content_type) == (4, "application/pdf")
    url = reverse("admin:forums_publication_change", args=[one.pk])
    assert desk.get(url).status_code == 200
    desk.post(f"{reverse('admin:forums_publication_changelist')}{one.pk}/publish/")
    one.refresh_from_db()
    assert one.status == PublicationStatus.PUBLISHED


def test_the_desk_refuses_what_is_no_pdf_and_keeps_nothing(desk) -> None:
    values = {"kind": "newsletter", "title": "소식지", "year": "2026", "upload": SimpleUploadedFile("n.pdf", b"<html>")}
    response = desk.post(reverse("admin:forums_publication_add"), values)
    assert response.status_code < 500
    assert not Publication.objects.exists()


def test_the_file_of_a_publication_is_replaced_at_the_desk(desk) -> None:
    one = journal(data=pdf(1), name="a.pdf")
    url = reverse("admin:forums_publication_change", args=[one.pk])
    values = {"kind": "journal", "number": "22", "title": "목민광장", "year": "2022"}
    desk.post(url, {**values, "upload": SimpleUploadedFile("b.pdf", pdf(5))})
    one.refresh_from_db()
    assert (one.title, one.pages) == ("목민광장", 5)
    desk.post(url, {**values, "title": "다른 제목", "upload": SimpleUploadedFile("b.pdf", b"x")})
    one.refresh_from_db()
    assert (one.title, one.pages) == ("목민광장", 5)


def test_nobody_else_reaches_the_list_at_the_desk(client, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.OPERATOR))
    assert client.get(reverse("admin:forums_publication_changelist")).status_code == 404
