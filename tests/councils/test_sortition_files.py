"""The files of the Sortition Foundation's tools."""

import pytest
from django.utils.translation import override
from hypothesis import given, settings

from councils.quota_problems import find_problems
from councils.quota_wording import problem_in_words
from councils.quotas import Pool, Problem, Quota
from councils.sortition_files import (
    InputProblems,
    read_categories,
    read_respondents,
    write_categories,
    write_remaining,
    write_respondents,
    write_selected,
)
from tests.councils.lottery_pools import drawable, pool_of, quota

pytestmark = pytest.mark.once

QUOTAS = [Quota("sex", "f", 1, 2), Quota("sex", "m", 1, 2)]


def codes(problems):
    return [(problem.code, problem.row) for problem in problems]


def refused(read, *given):
    with pytest.raises(InputProblems) as caught:
        read(*given)
    for problem in caught.value.problems:
        with override("en"):
            assert problem_in_words(problem)
    return codes(caught.value.problems)


@pytest.mark.parametrize(
    "text",
    [
        "feature,value,min,max\nsex,f,1,2\nsex,m,1,2\n",
        "category,name,min,max\nsex,f,1,2\nsex,m,1,2\n",
        "category,name,min,max,min_flex,max_flex\nsex,f,1,2,0,3\nsex,m,1,2,1,2\n",
        " Category ; NAME;Min;Max\r\n sex;f ;1;2\r\n\r\nsex;m;1; 2",
    ],
)
def test_reads_every_heading_of_categories(text):
    assert read_categories(text.encode()) == QUOTAS


@pytest.mark.parametrize("name", ["id", "nationbuilder_id", "respondent_id", "Respondent ID"])
def test_reads_respondents_without_what_no_quota_names(name):
    text = f"{name},Name,SEX,household\n7, Kim ,f,a\n8,Lee,m,\n"
    assert read_respondents(text.encode(), QUOTAS) == Pool(("7", "8"), ("sex",), (("f",), ("m",)), ("a", ""))


@given(drawable(most_people=20))
@settings(max_examples=40, deadline=None)
def test_reads_what_it_wrote(case):
    pool, quotas, seats = case
    for flexible in (False, True):
        assert read_categories(write_categories(quotas, flexible=flexible)) == quotas
    assert read_respondents(write_respondents(pool, id_name="nationbuilder_id"), quotas) == pool
    panel = pool.ids[:seats]
    assert read_respondents(write_selected(pool, panel), quotas).ids == panel
    if seats < len(pool):
        assert read_respondents(write_remaining(pool, panel), quotas).ids == pool.ids[seats:]


def test_writes_no_one_who_is_not_in_the_pool():
    with pytest.raises(ValueError, match="not in the pool"):
        write_selected(pool_of(["a"]), ["nobody"])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbffeature,value,min,max\n", [("byte_order_mark", 1)]),
        ("feature,value,min,max\nsex,여,1,2\n".encode("cp949"), [("not_utf8", 2)]),
        (b"", [("empty_file", None)]),
        (b"\n \n", [("empty_file", None)]),
        (b"a\0b", [("not_a_table", 1)]),
        (b'feature,value,min,max\n"sex,f,1,2', [("not_a_table", 2)]),
        (b"feature,value,min\nsex,f,1\n", [("missing_column", 1)]),
        (b"feature,value,min,max,MIN\nsex,f,1,2,3\n", [("duplicate_column", 1)]),
        (b"feature,value,min,max\nsex,f,1\n", [("wrong_width", 2)]),
        (b"feature,value,min,max\n", [("no_quotas", None)]),
        (b"feature,value,min,max\n,f,1,2\n", [("empty_cell", 2)]),
        (b"feature,value,min,max\nsex,f,one,2.5\n", [("not_a_number", 2), ("not_a_number", 2)]),
        (b"feature,value,min,max\nsex,f,-1,2\n", [("negative_quota", 2)]),
        (
            b"feature,value,min,max\nsex,f,3,2\n\nsex,m,1,0\n",
            [("minimum_above_maximum", 2), ("minimum_above_maximum", 4)],
        ),
        (b"feature,value,min,max\nsex,f,1,2\nsex,f,1,2\n", [("duplicate_quota", 3)]),
        (b"feature,value,min,max,min_flex,max_flex\nsex,f,1,2,x,2\n", [("not_a_number", 2)]),
    ],
)
def test_names_what_is_wrong_with_categories(data, expected):
    assert refused(read_categories, data) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"id,sex\n1,f\n1,m\n", [("duplicate_id", 3)]),
        (b"id,sex\n1,f\n ,m\n", [("empty_id", 3)]),
        (b"id,sex\n1,x\n2,\n", [("unknown_value", 2), ("unknown_value", 3)]),
        (b"name,age\n1,f\n", [("missing_column", 1), ("missing_column", 1)]),
        (b"id,sex\n", [("no_respondents", None)]),
        (b"id,sex\n1,f,2\n", [("wrong_width", 2)]),
        (b"\xef\xbb\xbfid,sex\n1,f\n", [("byte_order_mark", 1)]),
        (b"id,sex\n1,\xff\n", [("not_utf8", 2)]),
    ],
)
def test_names_what_is_wrong_with_respondents(data, expected):
    assert refused(read_respondents, data, QUOTAS) == expected


@pytest.mark.parametrize(
    ("rows", "quotas", "seats", "expected"),
    [
        (["a", "b"], [], 0, ["no_seats"]),
        (["a", "b"], [], 3, ["more_seats_than_people"]),
        (["a", "b"], [quota(0, "a", 2, 1)], 1, ["unknown_value", "minimum_above_maximum"][1:]),
        (["a", "b"], [quota(0, "a", -1, 1)], 1, ["negative_quota"]),
        (["a", "a"], [quota(0, "a", 0, 1), quota(0, "a", 0, 1)], 1, ["repeated_quota"]),
        (["a", "b"], [quota(0, "a", 0, 1)], 1, ["unknown_value"]),
        (["a", "a"], [quota(1, "a", 0, 2)], 1, ["unknown_feature"]),
        (["a", "b"], [quota(0, "a", 2, 2), quota(0, "b", 0, 1)], 2, ["too_few_people"]),
        (["a", "a", "b", "b"], [quota(0, "a", 2, 2), quota(0, "b", 1, 1)], 2, ["minima_above_seats"]),
        (["a", "a", "b", "b"], [quota(0, "a", 0, 1), quota(0, "b", 0, 1)], 3, ["maxima_below_seats"]),
        (["a", "b", "b"], [quota(0, "a", 0, 3), quota(0, "b", 0, 1)], 3, ["feature_too_small"]),
        (["aax", "axa", "xaa"], [*(quota(f, v, 1, 1) for f in range(3) for v in "ax")], 2, ["infeasible"]),
        (["aa", "bb"], [*(quota(f, v, 0, 1) for f in range(2) for v in "ab")], 2, []),
    ],
)
def test_finds_what_keeps_a_lottery_from_being_held(rows, quotas, seats, expected):
    problems = find_problems(pool_of(rows), quotas, seats)
    assert [problem.code for problem in problems] == expected
    with override("en"):
        assert all(problem_in_words(problem) for problem in problems)


def test_finds_ids_that_are_empty_or_twice():
    pool = Pool(("x", "x", ""), ("sex",), (("f",), ("f",), ("m",)))
    assert [problem.code for problem in find_problems(pool, QUOTAS, 2)] == ["empty_id", "repeated_id"]


def test_finds_that_a_household_is_too_large():
    pool = pool_of(["f", "m"], households=["a", "a"])
    assert not find_problems(pool, [], 2)
    assert [problem.code for problem in find_problems(pool, [], 2, one_per_household=True)] == ["infeasible"]


def test_says_the_row_and_shows_no_endless_cell():
    with override("en"):
        sentence = problem_in_words(Problem("duplicate_id", {"id": "x\n" + "y" * 500, "first": 2}, 9))
    assert sentence.startswith("Row 9: The id “x yyy")
    assert "\n" not in sentence
    assert len(sentence) < 160


def test_letters_composed_otherwise_are_the_same():
    quotas = read_categories("feature,value,min,max\nre\u0301gion,e\u0301,0,2\n".encode())
    assert quotas == [Quota("r\u00e9gion", "\u00e9", 0, 2)]
    pool = read_respondents("id,r\u00e9gion\n1,\u00e9\n2,e\u0301\n".encode(), quotas)
    assert pool.rows == (("\u00e9",), ("\u00e9",))
    with pytest.raises(InputProblems) as error:
        read_respondents("id,r\u00e9gion\ne\u0301,\u00e9\n\u00e9,\u00e9\n".encode(), quotas)
    assert [(problem.code, problem.row) for problem in error.value.problems] == [("duplicate_id", 3)]
