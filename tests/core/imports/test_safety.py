"""Kills, races, and whatever files say: nothing half written, nothing written twice, counts that add up."""

import errno
import threading
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import RuleViolation
from core.jobs.imports import importers, services, writing
from core.jobs.imports.cells import as_text, day, one_of, text, whole_number
from core.jobs.imports.headings import guess_heading_row, guess_mapping
from core.jobs.imports.importers import Reference
from core.jobs.imports.models import ImportRow, ImportRun
from core.jobs.imports.packing import pack, unpack
from core.jobs.imports.reading import RowReader
from core.jobs.imports.states import ImportStatus
from core.jobs.leases import take_up_lost_jobs
from core.jobs.models import Job
from core.jobs.running import run as run_job
from core.jobs.services import cancel_job
from core.jobs.states import JobStatus
from core.rows import Flaw, Row
from residents.imports import OFFICE_TERMS, overlapping
from residents.models import OfficeTerm
from residents.services.places import import_office_terms
from tests.core.imports.tables import HEADINGS, csv_text, term, xlsx
from tests.factories import NOON

FIRST = date(1950, 7, 1)


def terms(count):
    years = [FIRST.replace(year=FIRST.year + n) for n in range(count + 1)]
    return [term("광주 서구", since=since, until=until) for since, until in pairwise(years)]


class Killed(BaseException):
    """As a worker ends that is killed."""


@pytest.mark.django_db
@pytest.mark.usefixtures("seogu")
class TestKills:
    def killing(self, monkeypatch, *, before_the_end):
        """The service is stopped after its rows were written, or the report before it is made."""

        def write(batches, **rest):
            import_office_terms(batches, **rest)
            raise Killed

        def report(*_args):
            raise Killed

        if before_the_end:
            monkeypatch.setitem(importers._importers, OFFICE_TERMS.name, replace(OFFICE_TERMS, write=write))
        else:
            monkeypatch.setattr("core.jobs.imports.running.write_report", report)

    def confirmed(self, imports, run):
        with imports.commits() as orders:
            services.confirm_import(run_id=run.pk, only_right=False, seen=run.checks, actor=imports.owner, at=NOON)
        return orders

    def taken_up(self, run):
        """Some minutes later another worker finds the job without a sign of life."""
        later = timezone.now() + timedelta(minutes=30)
        take_up_lost_jobs(at=later)
        run_job(run.job_id)

    def test_killed_while_writing_leaves_nothing_and_is_written_once_after_it(self, imports, monkeypatch):
        run = imports.checked(xlsx(terms(5)))
        self.confirmed(imports, run)
        run = imports.fresh(run)
        with monkeypatch.context() as patch:
            self.killing(patch, before_the_end=True)
            with pytest.raises(Killed):
                run_job(run.job_id)
        assert OfficeTerm.objects.count() == 0
        assert imports.fresh(run).status == ImportStatus.WRITING
        self.taken_up(run)
        assert OfficeTerm.objects.count() == 5
        assert imports.fresh(run).status == ImportStatus.DONE

    def test_killed_after_writing_is_not_written_again_and_gets_its_report(self, imports, monkeypatch):
        run = imports.checked(xlsx(terms(5)))
        self.confirmed(imports, run)
        run = imports.fresh(run)
        with monkeypatch.context() as patch:
            self.killing(patch, before_the_end=False)
            with pytest.raises(Killed):
                run_job(run.job_id)
        assert OfficeTerm.objects.count() == 5
        self.taken_up(run)
        run = imports.fresh(run)
        assert (OfficeTerm.objects.count(), run.job.status) == (5, JobStatus.DONE)
        assert run.job.file is not None

    def test_killed_while_checking_is_checked_from_the_start(self, imports, monkeypatch):
        run = imports.bring(xlsx(terms(5)))
        with imports.commits():
            services.order_check(run_id=run.pk, mapping=run.mapping, heading_row=1, actor=imports.owner, at=NOON)
        run = imports.fresh(run)
        with monkeypatch.context() as patch:
            patch.setattr("core.jobs.imports.checking._end", self._kill)
            with pytest.raises(Killed):
                run_job(run.job_id)
        self.taken_up(run)
        run = imports.fresh(run)
        assert (run.status, run.counts) == (ImportStatus.CHECKED, {"new": 5})
        assert ImportRow.objects.filter(run=run).count() == 5

    def _kill(self, *_args, **_rest):
        raise Killed

    def test_a_job_that_is_run_twice_writes_once(self, imports):
        run = imports.written(xlsx(terms(3)))
        Job.objects.filter(pk=run.job_id).update(status=JobStatus.QUEUED)
        run_job(run.job_id)
        assert OfficeTerm.objects.count() == 3

    def test_what_the_service_refuses_is_told_and_nothing_is_written(self, imports, monkeypatch):
        def write(batches, **rest):
            import_office_terms(batches, **rest)
            raise RuleViolation("아닙니다.")

        monkeypatch.setitem(importers._importers, OFFICE_TERMS.name, replace(OFFICE_TERMS, write=write))
        run = imports.confirm(imports.checked(xlsx(terms(3))))
        assert (run.job.message, run.stands_still) == ("아닙니다.", True)
        assert OfficeTerm.objects.count() == 0
        monkeypatch.undo()


@pytest.mark.django_db
@pytest.mark.usefixtures("seogu")
class TestTwoAtOnce:
    def test_what_is_confirmed_is_not_called_back_from_another_tab(self, imports):
        run = imports.checked(xlsx(terms(2)))
        with imports.commits() as orders:
            services.confirm_import(run_id=run.pk, only_right=False, seen=run.checks, actor=imports.owner, at=NOON)
        with pytest.raises(RuleViolation):
            imports.check(imports.fresh(run))
        assert imports.fresh(run).status == ImportStatus.WRITING
        for order in orders:
            order()
        assert (imports.fresh(run).status, OfficeTerm.objects.count()) == (ImportStatus.DONE, 2)

    def test_a_wish_to_stop_that_comes_after_the_writing_costs_no_report(self, imports, monkeypatch):
        """What is written is written: its report is made, and its rows and its file go."""

        def write(batches, **rest):
            import_office_terms(batches, **rest)
            cancel_job(job_id=Job.objects.get(status=JobStatus.RUNNING).pk, actor=imports.owner, at=NOON)

        run = imports.checked(xlsx(terms(2)))
        monkeypatch.setitem(importers._importers, OFFICE_TERMS.name, replace(OFFICE_TERMS, write=write))
        monkeypatch.setattr("core.jobs.running.SPACING", 0)
        run = imports.confirm(run)
        assert (run.status, run.job.status, OfficeTerm.objects.count()) == (ImportStatus.DONE, JobStatus.DONE, 2)
        assert run.job.file is not None
        assert not ImportRow.objects.filter(run=run).exists()


@pytest.mark.usefixtures("seogu")
class TestWhatIsLeft:
    def test_a_file_without_its_import_goes_after_a_day(self, imports):
        imports.at = now = timezone.now()
        run = imports.bring(xlsx(terms(1)))
        place = Path(run.file.path)
        lost = place.with_name("0a0a0a0a-0000-4000-8000-000000000000")
        lost.write_bytes(b"names")
        services.forget_old_imports(at=now)
        assert lost.exists()
        services.forget_old_imports(at=now + timedelta(days=2))
        assert (lost.exists(), place.exists()) == (False, True)

    def test_a_full_disk_is_told_and_leaves_nothing(self, imports, monkeypatch, settings):
        def full(storage, name, content):
            Path(storage.path(name)).parent.mkdir(parents=True, exist_ok=True)
            Path(storage.path(name)).write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")

        monkeypatch.setattr(FileSystemStorage, "_save", full)
        with pytest.raises(RuleViolation) as refusal:
            imports.bring(xlsx(terms(1)))
        assert refusal.value.status == 507
        media = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
        assert [path for path in media.rglob("*") if path.is_file()] == []
        assert not ImportRun.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_somebody_who_changes_a_term_while_it_is_written_waits(imports, seogu, monkeypatch):
    """The import holds the locks that its comparison needs; whoever comes later sees what it wrote."""
    run = imports.checked(xlsx(terms(1)))
    seen = []

    def other():
        from residents.services.places import save_office_term

        late = OfficeTerm(
            region=seogu, office="district_head", name="을", term="x", since=FIRST, until=FIRST.replace(year=1951)
        )
        try:
            save_office_term(term=late, actor=imports.owner, at=NOON)
        except RuleViolation as refusal:
            seen.append(refusal.text)
        finally:
            connection.close()

    thread = threading.Thread(target=other)
    compare = writing._compare

    def slow(*args):
        compare(*args)
        thread.start()
        thread.join(timeout=1)

    monkeypatch.setattr(writing, "_compare", slow)
    imports.confirm(run)
    thread.join()
    assert len(seen) == 1
    assert OfficeTerm.objects.get().name == "홍길동"


CELLS = st.one_of(
    st.none(),
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(),
    st.sampled_from(["광주 서구", "서구", "구청장", "2010-07-01", "2014. 7. 1.", "민선5기", "=1+1", "\ufeff"]),
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=6), st.integers(0, 3))
@pytest.mark.django_db
def test_whatever_a_table_says_rows_add_up_and_twice_is_the_same(imports, seogu, rows, right):
    OfficeTerm.objects.all().delete()
    content = csv_text([*map(shown, rows), *terms(right)]).encode()
    try:
        run = imports.checked(content, "list.csv")
    except RuleViolation:
        return
    assert run.status == ImportStatus.CHECKED, run.job.message
    assert sum(run.counts.values()) == ImportRow.objects.filter(run=run, check_number=run.checks).count()
    if not run.count("new", "changed"):
        services.throw_away(run_id=run.pk, actor=imports.owner, at=NOON)
        return
    written = run.count("new", "changed", "same")
    run = imports.confirm(run, only_right=True)
    assert run.status == ImportStatus.DONE, run.job.message
    again = imports.checked(content, "list.csv")
    assert again.count("same") == written
    assert again.count("new", "changed") == 0
    services.throw_away(run_id=again.pk, actor=imports.owner, at=NOON)


def shown(row):
    return ["" if cell is None else cell for cell in row]


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10)), max_size=12))
def test_what_is_left_after_the_overlapping_rows_never_overlaps(spans):
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(60)]
    rows = {}
    for number, (since, length) in enumerate(spans, start=1):
        rows.setdefault(days[since], (days[since + length], number))
    wrong = overlapping(rows, {})
    left = sorted((since, until) for since, (until, number) in rows.items() if number not in wrong)
    assert all(until <= following for (_since, until), (following, _until) in pairwise(left))
    # And nobody is called wrong who overlaps with nobody.
    for since, (until, number) in rows.items():
        others = [(a, b) for a, (b, other) in rows.items() if other != number]
        if number in wrong:
            assert any(a < until and since < b for a, b in others)


class TestCellsAndHeadings:
    @pytest.mark.parametrize(
        "written",
        [
            "2018-07-01",
            "2018.7.1",
            "2018. 7. 1.",
            "2018. 7. 1.(일)",
            "2018년 7월 1일",
            "20180701",
            "2018/7/1",
            20180701,
            "２０１８．７．１",
        ],
    )
    def test_days_as_people_write_them(self, written):
        assert day(written) == date(2018, 7, 1)

    @pytest.mark.parametrize("written", ["2018-02-30", "작년", "18-07-01", 7, True, "2018-07-01 외"])
    def test_what_is_no_day(self, written):
        with pytest.raises(ValueError, match="2018-07-01"):
            day(written)

    def test_wide_signs_of_east_asian_keyboards(self):
        assert whole_number(0, 9_999)("１，２３４") == 1234
        assert one_of(lambda: {"1기": "first"})("１ 기") == "first"

    @given(CELLS)
    def test_every_cell_can_be_shown_and_read_or_refused(self, cell):
        assert isinstance(as_text(cell), str)
        for parse in (text(10), day, whole_number(0, 9), one_of(lambda: {"가": "a"})):
            try:
                parse(cell)
            except ValueError:
                continue

    @given(
        st.one_of(
            st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.datetimes(), st.decimals(allow_nan=False)
        )
    )
    def test_values_come_back_as_they_were(self, value):
        import json

        assert unpack(json.loads(json.dumps(pack(value)))) == value

    def test_references_are_equal_by_code(self):
        back = unpack(pack(Reference("29140", "서구")))
        assert (back, str(back)) == (Reference("29140", "다른 이름"), "서구")

    def test_a_cell_merged_with_one_above_is_wrong_and_makes_no_row(self):
        note = RowReader(OFFICE_TERMS, {"region": 0, "note": 1})
        reading = note.read(Row(3, (Flaw.MERGED, "비고")))
        assert list(reading.draft.wrongs) == ["region"]
        assert reading.raw == {"region": ""}
        assert note.read(Row(4, (Flaw.MERGED,))) is None

    def test_headings_are_found_by_their_other_names(self):
        names = {"name": ("이름", "성명"), "hanja": ("한자", "성명(한자)"), "phone": ("전화",)}
        assert guess_mapping(["성명 (한자)", "성 명", "전화(휴대)"], names) == {"hanja": 0, "name": 1, "phone": 2}

    @given(st.lists(st.lists(st.text(max_size=8), max_size=5), max_size=5))
    def test_guesses_take_each_place_once(self, rows):
        names = {"a": tuple(HEADINGS[:2]), "b": ("b", "이름")}
        head = list(enumerate(rows, start=1))
        number = guess_heading_row(head, names)
        assert number == 1 or number in dict(head)
        for cells in rows:
            mapping = guess_mapping(cells, names)
            assert len(set(mapping.values())) == len(mapping)


@pytest.mark.parametrize("gap", [1, 3000, 30_000])
def test_a_day_with_endless_blanks_is_refused_at_once(gap):
    """Sought with overlapping blanks, the longer of these kept a worker busy for hours."""
    with pytest.raises(ValueError, match=r"2018\.7\.1"):
        day(f"2018.7.1{' ' * gap}x")
