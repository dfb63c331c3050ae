"""What PostgreSQL does for the search is what Python says, and it does it from the indexes."""

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.search.finding import Search
from portal.search.sources import SOURCES
from portal.search.words import folded, sounds
from tests.factories import AgendaItemFactory
from tests.portal.test_search import announced

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]

MIXED = st.text(
    st.one_of(
        st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")),
        st.sampled_from(" \n\t.,!%_\\'\"()［］·–0129abzAZéÉßＡｚ１㈜ㄱㅏᄀ一あカЖäÖ🙂"),
    ),
    max_size=40,
)


def asked(function, text):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [text])
        return cursor.fetchone()[0]


def pieces(text):
    """All pieces of a text: signs, pairs within a word, runs of three over spaces."""
    spaced = folded(text)
    solid = spaced.replace(" ", "")
    pairs = {spaced[at : at + 2] for at in range(len(spaced) - 1)}
    runs = {solid[at : at + 3] for at in range(len(solid) - 2)}
    return set(solid) | {pair for pair in pairs if " " not in pair} | runs


@given(MIXED)
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_the_index_knows_the_pieces_of_a_text(text):
    assert set(asked("madang_search_keys", text)) == pieces(text)


@given(MIXED)
@settings(
    max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
def test_a_text_sounds_the_same(text):
    assert asked("madang_search_sounds", text) == sounds(text)


def plan(query):
    with connection.cursor() as cursor:
        # On an empty table the planner takes any partial index that leaves out the same rows as the search.
        cursor.execute("DROP INDEX IF EXISTS council_one_for_a_dong")
        # A table of a few rows is quicker read than looked up; what counts is that the index can answer.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
        cursor.execute("SET LOCAL enable_nestloop = off")
    return query.explain()


@pytest.mark.parametrize(
    ("code", "index"),
    [
        ("assemblies", "search_assembly"),
        ("items", "search_agenda_item"),
        ("votes", "search_poll"),
        ("councils", "search_council"),
        ("ordinances", "search_ordinance"),
    ],
)
def test_each_kind_is_found_from_its_index(code, index):
    (source,) = [source for source in SOURCES if source.code == code]
    wanted = Search.of("놀이터를", at=timezone.now())
    assert f"Bitmap Index Scan on {index} " in plan(wanted.keys(source).order_by())


def test_without_pg_trgm_what_sounds_alike_is_still_found(dong):
    item = AgendaItemFactory(assembly=announced(dong), title="놀이터 고치기")
    (items,) = [source for source in SOURCES if source.code == "items"]
    wanted = Search.of("놀이타", at=timezone.now())
    assert wanted.alike(items) == [item.pk]
    with connection.cursor() as cursor:
        cursor.execute("DROP EXTENSION pg_trgm CASCADE")
    assert wanted.alike(items) == [item.pk]
