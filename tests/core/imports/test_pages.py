"""The pages of an import, from the choice of what to bring to the report."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from core.audit.models import AccessEntry
from core.jobs.imports.importers import importers_for
from core.jobs.imports.models import ImportRun
from core.jobs.imports.states import ImportStatus
from residents.models import OfficeTerm
from tests.core.imports.tables import HEADINGS, term, uploaded, xlsx
from tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seogu")]

UPLOAD = "/imports/new/residents.office-terms/"


@pytest.fixture
def client(secretariat):
    client = Client()
    client.force_login(secretariat)
    return client


def page(client, address, **query):
    response = client.get(address, query)
    return response.status_code, response.content.decode()


def many(count):
    """Rows of one office, a year after the other."""
    first = date(1900, 7, 1)
    return [
        term("광주 서구", since=first.replace(year=1900 + n), until=first.replace(year=1901 + n)) for n in range(count)
    ]


class TestWhoMayOpenThem:
    @pytest.mark.parametrize("address", ["/imports/", UPLOAD, f"{UPLOAD}sample/"])
    def test_whoever_may_import_nothing_finds_no_page(self, address):
        stranger = Client()
        stranger.force_login(UserFactory())
        assert stranger.get(address).status_code == 404

    @pytest.mark.parametrize("address", ["/imports/", UPLOAD, f"{UPLOAD}sample/"])
    def test_visitors_are_asked_to_sign_in(self, address):
        response = Client().get(address)
        assert (response.status_code, "login" in response["Location"]) == (302, True)

    def test_nobody_may_import_without_a_role(self):
        assert importers_for(AnonymousUser()) == []
        assert importers_for(UserFactory()) == []

    def test_an_import_is_open_to_who_brought_it_only(self, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        other = Client()
        from residents.states import Role
        from tests.factories import official

        other.force_login(official(Role.CLUB_SECRETARIAT, region=None))
        assert other.get(run.get_absolute_url()).status_code == 404
        for step in ("columns", "confirm", "throw_away", "stop"):
            assert other.post(reverse(f"imports:{step}", args=[run.pk])).status_code == 404

    def test_whoever_lost_the_role_no_longer_opens_it(self, imports, client, secretariat):
        run = imports.checked(xlsx([term("광주 서구")]))
        secretariat.roles.all().delete()
        assert client.get(run.get_absolute_url()).status_code == 404

    def test_whoever_lost_the_role_no_longer_gets_the_report(self, imports, client, secretariat):
        run = imports.written(xlsx([term("광주 서구")]))
        address = reverse("jobs:download", args=[run.job_id])
        assert client.get(address).status_code == 200
        secretariat.roles.all().delete()
        assert client.get(address).status_code == 403


class TestTheWay:
    def test_a_file_is_brought_matched_looked_at_and_written(self, client, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            response = client.post(UPLOAD, {"file": uploaded(xlsx([term("광주 서구")]))})
        run = ImportRun.objects.get()
        assert response["Location"] == run.get_absolute_url()
        assert "열을 맞춰" in page(client, run.get_absolute_url())[1] or run.status == ImportStatus.UPLOADED

        columns = {f"column_{name}": place for name, place in run.mapping.items()}
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("imports:columns", args=[run.pk]), {"heading": 1, **columns})
        run.refresh_from_db()
        assert run.status == ImportStatus.CHECKED
        assert "홍길동" in page(client, run.get_absolute_url())[1]

        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("imports:confirm", args=[run.pk]), {"seen": run.checks, "rows": "all"})
        run.refresh_from_db()
        assert run.status == ImportStatus.DONE
        assert OfficeTerm.objects.count() == 1
        _status, html = page(client, run.get_absolute_url())
        assert reverse("jobs:download", args=[run.job_id]) in html
        report = client.get(reverse("jobs:download", args=[run.job_id]))
        assert b"".join(report.streaming_content).startswith(b"PK")

    def test_a_file_that_is_no_table_is_refused_in_the_form(self, client):
        response = client.post(UPLOAD, {"file": uploaded(b"%PDF-1.7\0\0", "list.xlsx")})
        assert response.status_code == 400
        assert "id_file_error" in response.content.decode()
        assert not ImportRun.objects.exists()

    def test_a_missing_column_is_asked_for_in_the_form(self, client, imports):
        run = imports.bring(xlsx([term("광주 서구")]))
        columns = {f"column_{name}": place for name, place in run.mapping.items() if name != "name"}
        response = client.post(reverse("imports:columns", args=[run.pk]), {"heading": 1, **columns})
        assert response.status_code == 400
        assert "id_column_name_error" in response.content.decode()

    def test_one_column_chosen_twice_is_told_in_the_form(self, client, imports):
        run = imports.bring(xlsx([term("광주 서구")]))
        columns = {f"column_{name}": place for name, place in run.mapping.items()} | {"column_note": 2}
        response = client.post(reverse("imports:columns", args=[run.pk]), {"heading": 1, **columns})
        assert (response.status_code, run.status) == (400, ImportStatus.UPLOADED)

    def test_another_row_can_hold_the_headings(self, client, imports):
        rows = [["이름", "이름"], HEADINGS, term("광주 서구")]
        run = imports.bring(xlsx(rows, None))
        html = page(client, reverse("imports:columns", args=[run.pk]), heading=1)[1]
        assert '<option value="1" selected>' in html

    @pytest.mark.parametrize("heading", ["99", "-1", "x", "²", "9" * 30])
    def test_a_row_that_does_not_exist_is_no_server_error(self, client, imports, heading):
        run = imports.bring(xlsx([term("광주 서구")]))
        assert client.get(reverse("imports:columns", args=[run.pk]), {"heading": heading}).status_code in {200, 400}

    @pytest.mark.parametrize("seen", ["", "x", "²", "0", "9" * 30])
    def test_confirming_what_was_not_seen_is_refused(self, client, imports, seen):
        run = imports.checked(xlsx([term("광주 서구")]))
        response = client.post(reverse("imports:confirm", args=[run.pk]), {"seen": seen, "rows": "all"})
        assert response.status_code == 409
        assert not OfficeTerm.objects.exists()

    def test_a_stopped_check_says_so_and_leads_back(self, client, imports):
        run = imports.bring(xlsx([term("광주 서구")]))
        with imports.commits() as orders:
            client.post(
                reverse("imports:columns", args=[run.pk]),
                {"heading": 1, **{f"column_{name}": place for name, place in run.mapping.items()}},
            )
        assert "data-job" in page(client, run.get_absolute_url())[1]
        client.post(reverse("imports:stop", args=[run.pk]))
        for order in orders:
            order()
        _status, html = page(client, run.get_absolute_url())
        assert reverse("imports:columns", args=[run.pk]) in html
        assert imports.check(imports.fresh(run)).status == ImportStatus.CHECKED

    def test_throwing_away_leads_to_the_list_and_says_so(self, client, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        response = client.post(reverse("imports:throw_away", args=[run.pk]), follow=True)
        assert response.redirect_chain[-1][0] == "/imports/"
        assert page(client, run.get_absolute_url())[0] == 200

    def test_the_sample_can_be_brought_as_it_is(self, client, imports):
        content = client.get(f"{UPLOAD}sample/").content
        run = imports.checked(content)
        assert run.counts == {"new": 1}


class TestPreview:
    def test_rows_are_narrowed_down_by_what_becomes_of_them(self, client, imports):
        run = imports.checked(xlsx([term("광주 서구"), term("없는구", "임꺽정")]))
        html = page(client, run.get_absolute_url(), kind="wrong")[1]
        assert "임꺽정" in html
        assert "홍길동" not in html

    def test_a_wrong_row_shows_the_address_and_what_stood_there(self, client, imports):
        run = imports.checked(xlsx([term("광주 서구", since="작년")]))
        html = page(client, run.get_absolute_url())[1]
        assert "<strong>F2</strong>" in html
        assert "작년" in html

    def test_a_change_shows_before_and_after(self, client, imports, seogu):
        OfficeTerm.objects.create(
            region=seogu,
            office="district_head",
            name="임꺽정",
            name_hanja="洪吉童",
            term="민선5기",
            since=date(2010, 7, 1),
            until=date(2014, 7, 1),
        )
        html = page(client, imports.checked(xlsx([term("광주 서구")])).get_absolute_url())[1]
        assert "임꺽정</del>" in html
        assert "홍길동</ins>" in html

    def test_what_the_file_says_is_never_markup(self, client, imports):
        run = imports.checked(xlsx([term("광주 서구", "<b>홍</b>"), term("<i>구</i>")]))
        html = page(client, run.get_absolute_url())[1]
        assert "<b>홍" not in html
        assert "<i>구" not in html

    @pytest.mark.parametrize("rows", [1, 30])
    def test_the_queries_do_not_grow_with_the_rows(self, client, imports, rows, django_assert_num_queries):
        run = imports.checked(xlsx(many(rows)))
        client.get(run.get_absolute_url())
        with django_assert_num_queries(PREVIEW_QUERIES):
            client.get(run.get_absolute_url())

    def test_long_lists_have_pages(self, client, imports):
        run = imports.checked(xlsx(many(60)))
        html = page(client, run.get_absolute_url(), page=2)[1]
        assert html.count('<tr role="row">') == 11

    def test_rows_to_be_mended_are_shown_alone_and_taken_along(self, client, imports):
        twice, right = term("광주 서구"), term("광주 서구", "성춘향", since=date(2014, 7, 1), until=date(2018, 7, 1))
        run = imports.checked(xlsx([twice, term("없는구", "변학도"), right, twice]))
        html = page(client, run.get_absolute_url(), kind="bad")[1]
        assert html.count('<tr role="row">') == 1 + 3
        assert "성춘향" not in html
        answer = client.get(reverse("imports:bad_rows", args=[run.pk]))
        assert answer["Content-Disposition"].startswith("attachment")
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[-1].values)
        assert [row[0] for row in rows[1:]] == [2, 3, 5]
        assert "없는구" in rows[2][1]
        assert rows[2][4] == "변학도"

    def test_without_rows_to_be_mended_there_is_nothing_to_take_along(self, client, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        assert "bad-rows" not in page(client, run.get_absolute_url())[1]
        assert client.get(reverse("imports:bad_rows", args=[run.pk])).status_code == 302

    def test_rows_of_persons_that_are_taken_along_leave_a_trace(self, client, imports, monkeypatch):
        from dataclasses import replace

        from core.jobs.imports import importers
        from residents.imports import OFFICE_TERMS

        of_persons = replace(OFFICE_TERMS, personal_data="residents.somebody")
        monkeypatch.setitem(importers._importers, of_persons.name, of_persons)
        run = imports.checked(xlsx([term("없는구"), term("광주 서구")]))
        client.get(reverse("imports:bad_rows", args=[run.pk]))
        trace = AccessEntry.objects.get(what="residents.somebody")
        assert (trace.act, trace.count, bool(trace.reason)) == ("download", 1, True)

    def test_rows_of_persons_leave_a_trace(self, client, imports, monkeypatch):
        from dataclasses import replace

        from core.jobs.imports import importers
        from residents.imports import OFFICE_TERMS

        of_persons = replace(OFFICE_TERMS, personal_data="residents.somebody")
        monkeypatch.setitem(importers._importers, of_persons.name, of_persons)
        run = imports.checked(xlsx(many(3)))
        page(client, run.get_absolute_url())
        imports.confirm(run)
        client.get(reverse("jobs:download", args=[imports.fresh(run).job_id]))
        traces = AccessEntry.objects.filter(what="residents.somebody").order_by("at")
        assert {(trace.act, trace.count) for trace in traces} == {("list", 3), ("change", 3), ("download", 3)}


# Session, account, the import with its job, the account's roles, how many rows there are, those of this page, and the
# account's dong for the header.
PREVIEW_QUERIES = 7


@pytest.mark.parametrize("count", [1, 10])
def test_the_list_of_imports_has_a_fixed_number_of_queries(client, imports, count, django_assert_num_queries):
    for _number in range(count):
        imports.at += timedelta(seconds=1)
        imports.bring(xlsx([term("광주 서구")]))
    with django_assert_num_queries(5):
        client.get("/imports/")
