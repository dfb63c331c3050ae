"""From a file to the data: what is new, changed, the same, unclear or wrong, and what is written of it."""

import io
from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import timezone

from core.audit.models import AuditEntry
from core.errors import RuleViolation
from core.jobs.imports import importers, services
from core.jobs.imports.models import ImportRow, ImportRun
from core.jobs.imports.queries import rows_of
from core.jobs.imports.states import ImportStatus
from core.jobs.states import JobStatus
from residents.imports import OFFICE_TERMS
from residents.models import OfficeTerm
from tests.core.imports.tables import HEADINGS, term, xlsx
from tests.factories import NOON, MunicipalityFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seogu")]


def standing(region, name="홍길동", **fields):
    facts = {
        "office": "district_head",
        "name_hanja": "洪吉童",
        "term": "민선5기",
        "since": date(2010, 7, 1),
        "until": date(2014, 7, 1),
    }
    return OfficeTerm.objects.create(region=region, name=name, **facts | fields)


def kinds(run):
    return {row.number: row.kind for row in rows_of(run)}


class TestChecking:
    def test_a_row_that_is_not_there_yet_is_new(self, imports):
        run = imports.checked(xlsx([term("광주광역시 서구")]))
        assert (run.status, run.counts) == (ImportStatus.CHECKED, {"new": 1})

    def test_nothing_is_written_before_it_is_confirmed(self, imports):
        imports.checked(xlsx([term("광주광역시 서구")]))
        assert not OfficeTerm.objects.exists()

    def test_a_row_as_it_stands_is_the_same(self, imports, seogu):
        standing(seogu)
        assert imports.checked(xlsx([term("광주 서구")])).counts == {"same": 1}

    def test_a_changed_row_says_what_stood_there(self, imports, seogu):
        standing(seogu, name="임꺽정")
        run = imports.checked(xlsx([term("광주 서구")]))
        row = rows_of(run).get()
        assert (row.kind, row.changes) == ("changed", {"name": "임꺽정"})

    def test_columns_that_are_not_in_the_file_change_nothing(self, imports, seogu):
        standing(seogu, note="고침")
        run = imports.checked(xlsx([term("광주 서구")[:7]], HEADINGS[:7]))
        assert run.counts == {"same": 1}

    def test_the_same_entry_twice_is_unclear_in_both_rows(self, imports):
        run = imports.checked(xlsx([term("광주 서구"), term("서구", "임꺽정")]))
        assert kinds(run) == {2: "conflict", 3: "conflict"}
        assert [row.notes[0][0] for row in rows_of(run)] == ["A2", "A3"]
        assert "3" in rows_of(run).first().notes[0][1]

    def test_a_wrong_cell_is_named_with_its_address(self, imports):
        run = imports.checked(xlsx([term("광주 서구"), term("광주 서구", since="작년", until="내년")]))
        notes = rows_of(run, ["wrong"]).get().notes
        assert [place for place, _sentence in notes] == ["F3", "G3"]
        assert "작년" in notes[0][1]

    def test_an_empty_needed_cell_is_wrong(self, imports):
        run = imports.checked(xlsx([term("광주 서구", "")]))
        assert rows_of(run).get().notes[0][0] == "C2"

    def test_columns_in_another_order_and_below_a_title_are_found(self, imports):
        rows = [["제5기 단체장 명부"], [], [*reversed(HEADINGS)], [*reversed(term("광주 서구"))]]
        run = imports.bring(xlsx(rows, None))
        assert run.heading_row == 3
        assert imports.check(run).counts == {"new": 1}

    def test_empty_rows_are_passed_over_and_keep_the_numbers_of_the_others(self, imports):
        run = imports.checked(xlsx([[], term("광주 서구"), []]))
        assert kinds(run) == {3: "new"}

    def test_counts_add_up_to_the_rows(self, imports, seogu):
        standing(seogu)
        rows = [term("광주 서구"), term("없는구"), term("광주 서구", since=date(2014, 7, 1), until=date(2018, 7, 1))]
        run = imports.checked(xlsx(rows))
        assert run.counts == {"same": 1, "wrong": 1, "new": 1}
        assert run.count() == 3


class TestFilesThatCannotBeUsed:
    def test_a_needed_column_has_to_be_chosen(self, imports):
        run = imports.bring(xlsx([["광주 서구", "구청장"]], ["지역", "직위"]))
        with pytest.raises(RuleViolation) as refusal:
            imports.check(run)
        assert refusal.value.code == "column_missing"
        assert imports.fresh(run).status == ImportStatus.UPLOADED

    def test_no_column_of_the_file_is_used_twice(self, imports):
        run = imports.bring(xlsx([term("광주 서구")]))
        with pytest.raises(RuleViolation) as refusal:
            imports.check(run, {**run.mapping, "note": run.mapping["name"]})
        assert refusal.value.code == "chosen_twice"

    @pytest.mark.parametrize("mapping", [{"name": 99}, {"name": -1}, {"password": 0}])
    def test_a_column_that_does_not_exist_cannot_be_chosen(self, imports, mapping):
        run = imports.bring(xlsx([term("광주 서구")]))
        with pytest.raises(RuleViolation):
            imports.check(run, mapping)

    def test_too_many_rows_are_told_and_the_import_is_where_it_was(self, imports, monkeypatch):

        few = type(OFFICE_TERMS)(
            **{name: getattr(OFFICE_TERMS, name) for name in OFFICE_TERMS.__slots__} | {"max_rows": 1}
        )
        monkeypatch.setitem(importers._importers, few.name, few)
        run = imports.checked(xlsx([term("광주 서구"), term("광주 서구", since=date(2014, 7, 1))]))
        assert run.job.status == JobStatus.FAILED
        assert "1" in run.job.message
        assert run.stands_still

    def test_only_who_may_import_this_brings_a_file(self, imports):
        imports.owner = UserFactory()
        with pytest.raises(RuleViolation) as refusal:
            imports.bring(xlsx([term("광주 서구")]))
        assert refusal.value.status == 403
        assert not ImportRun.objects.exists()


class TestWriting:
    def test_new_and_changed_rows_are_written(self, imports, seogu):
        standing(seogu, name="임꺽정")
        later = term("광주 서구", "성춘향", since=date(2014, 7, 1), until=date(2018, 7, 1), term="민선6기")
        run = imports.written(xlsx([term("광주 서구"), later]))
        assert run.status == ImportStatus.DONE
        names = OfficeTerm.objects.order_by("since").values_list("name", "term")
        assert list(names) == [("홍길동", "민선5기"), ("성춘향", "민선6기")]

    def test_the_same_file_once_more_has_nothing_to_write(self, imports):
        content = xlsx([term("광주 서구")])
        imports.written(content)
        run = imports.checked(content)
        assert run.counts == {"same": 1}
        with pytest.raises(RuleViolation) as refusal:
            imports.confirm(run)
        assert refusal.value.code == "nothing_to_write"

    def test_all_or_nothing_refuses_while_a_row_is_wrong(self, imports):
        run = imports.checked(xlsx([term("광주 서구"), term("없는구")]))
        with pytest.raises(RuleViolation) as refusal:
            imports.confirm(run)
        assert refusal.value.code == "rows_wrong"
        assert not OfficeTerm.objects.exists()

    def test_the_right_rows_can_be_written_without_the_wrong_ones(self, imports):
        run = imports.written(xlsx([term("광주 서구"), term("없는구")]), only_right=True)
        assert run.status == ImportStatus.DONE
        assert OfficeTerm.objects.get().name == "홍길동"

    def test_only_the_preview_that_was_seen_can_be_confirmed(self, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        imports.check(run)
        with pytest.raises(RuleViolation) as refusal:
            imports.confirm(run, seen=run.checks)
        assert refusal.value.code == "preview_changed"

    def test_an_import_is_confirmed_once(self, imports):
        run = imports.written(xlsx([term("광주 서구")]))
        with pytest.raises(RuleViolation):
            imports.confirm(run)

    def test_whoever_lost_the_role_meanwhile_writes_nothing(self, imports, secretariat):
        run = imports.checked(xlsx([term("광주 서구")]))
        with imports.commits() as orders:
            services.confirm_import(run_id=run.pk, only_right=False, seen=run.checks, actor=secretariat, at=NOON)
        secretariat.roles.update(until=timezone.localdate())
        for order in orders:
            order()
        run = imports.fresh(run)
        assert (run.job.status, run.stands_still) == (JobStatus.FAILED, True)
        assert not OfficeTerm.objects.exists()

    def test_somebody_else_can_do_nothing_with_it(self, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        stranger = UserFactory()
        for act in (
            lambda: services.confirm_import(run_id=run.pk, only_right=True, seen=1, actor=stranger, at=NOON),
            lambda: services.throw_away(run_id=run.pk, actor=stranger, at=NOON),
            lambda: services.order_check(run_id=run.pk, mapping={}, heading_row=1, actor=stranger, at=NOON),
        ):
            with pytest.raises(RuleViolation) as refusal:
                act()
            assert refusal.value.status == 403

    def test_the_log_names_each_step_without_anybodys_data(self, imports):
        imports.written(xlsx([term("광주 서구")]))
        entries = AuditEntry.objects.order_by("id")
        actions = [entry.action for entry in entries if not entry.action.startswith("jobs.ordered")]
        assert [action for action in actions if "import" in action] == [
            "jobs.import_brought",
            "jobs.import_confirmed",
            "residents.office_terms_imported",
            "jobs.import_written",
        ]
        assert not any("홍길동" in str(entry.details) for entry in entries)


class TestDataThatChangeMeanwhile:
    def confirmed_after(self, imports, run, change):
        change()
        return imports.confirm(run)

    def test_a_new_row_that_somebody_added_is_checked_anew(self, imports, seogu):
        run = imports.checked(xlsx([term("광주 서구")]))
        run = self.confirmed_after(imports, run, lambda: standing(seogu, name="임꺽정"))
        assert (run.status, run.outdated) == (ImportStatus.CHECKED, True)
        assert kinds(run) == {2: "changed"}
        assert OfficeTerm.objects.get().name == "임꺽정"

    def test_a_row_that_somebody_changed_is_checked_anew(self, imports, seogu):
        there = standing(seogu, name="임꺽정")
        run = imports.checked(xlsx([term("광주 서구")]))
        there.name = "성춘향"
        run = self.confirmed_after(imports, run, there.save)
        assert rows_of(run).get().changes == {"name": "성춘향"}
        assert OfficeTerm.objects.get().name == "성춘향"

    def test_a_row_that_somebody_took_away_is_checked_anew(self, imports, seogu):
        there = standing(seogu, name="임꺽정")
        run = imports.checked(xlsx([term("광주 서구")]))
        run = self.confirmed_after(imports, run, there.delete)
        assert kinds(run) == {2: "new"}

    def test_a_row_that_was_the_same_counts_too(self, imports, seogu):
        there = standing(seogu)
        rows = [term("광주 서구"), term("광주 서구", since=date(2014, 7, 1), until=date(2018, 7, 1))]
        run = imports.checked(xlsx(rows))
        there.name = "임꺽정"
        run = self.confirmed_after(imports, run, there.save)
        assert kinds(run) == {2: "changed", 3: "new"}

    def test_the_new_preview_can_be_confirmed(self, imports, seogu):
        run = imports.checked(xlsx([term("광주 서구")]))
        run = self.confirmed_after(imports, run, lambda: standing(seogu, name="임꺽정"))
        assert imports.confirm(run).status == ImportStatus.DONE
        assert OfficeTerm.objects.get().name == "홍길동"


class TestReport:
    def test_it_says_of_each_row_what_became_of_it(self, imports):
        run = imports.written(xlsx([term("광주 서구"), term("없는구")]), only_right=True)
        with run.job.file.content.open("rb") as file:
            sheet = openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[1]
        rows = list(sheet.iter_rows(values_only=True))
        assert rows[0][3:6] == ("지역", "직위", "이름") or len(rows[0]) == 11
        assert [row[0] for row in rows[1:]] == [2, 3]
        assert rows[2][2].startswith("A3 ")
        assert rows[1][3] == "광주광역시 서구"

    def test_the_rows_and_the_file_are_deleted_with_it(self, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        storage, name = run.file.storage, run.file.name
        assert storage.exists(name)
        run = imports.confirm(run)
        assert not ImportRow.objects.exists()
        assert (run.head, run.file.name) == ([], "")
        assert not storage.exists(name)


class TestForgetting:
    def test_thrown_away_means_that_nothing_is_left(self, imports):
        run = imports.checked(xlsx([term("광주 서구")]))
        storage, name = run.file.storage, run.file.name
        with imports.commits(execute=True):
            services.throw_away(run_id=run.pk, actor=imports.owner, at=NOON)
        run = imports.fresh(run)
        assert (run.status, run.head) == (ImportStatus.CANCELLED, [])
        assert not ImportRow.objects.exists()
        assert not storage.exists(name)

    def test_what_nobody_touches_for_a_week_is_thrown_away(self, imports):
        run = imports.bring(xlsx([term("광주 서구")]))
        assert services.forget_old_imports(at=NOON + timedelta(days=7)) == 0
        assert services.forget_old_imports(at=NOON + timedelta(days=7, seconds=1)) == 1
        assert imports.fresh(run).status == ImportStatus.CANCELLED
        assert services.forget_old_imports(at=NOON + timedelta(days=30)) == 0

    def test_too_many_open_imports_are_refused(self, imports, monkeypatch):
        monkeypatch.setattr(services, "MOST_OPEN", 1)
        imports.bring(xlsx([term("광주 서구")]))
        with pytest.raises(RuleViolation) as refusal:
            imports.bring(xlsx([term("광주 서구")]))
        assert refusal.value.status == 429

    def test_erasing_a_person_leaves_no_name(self, imports):
        imports.checked(xlsx([term("광주 서구")]))
        services.forget_imports_of(owner=imports.owner, at=NOON)
        run = ImportRun.objects.get()
        assert (run.owner, run.file_name, run.head, run.status) == (None, "", [], ImportStatus.CANCELLED)


def test_a_region_of_which_there_are_two_needs_its_province(imports):
    MunicipalityFactory(name="서구", parent__name="부산광역시")
    run = imports.checked(xlsx([term("서구"), term("부산 서구")]))
    assert kinds(run) == {2: "wrong", 3: "new"}
