"""Rule sets as pure data: readers refuse what is wrong, figures are exact."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinances.rulesets import (
    ASSEMBLY_PARAMETERS,
    BASES,
    AgeReference,
    Cited,
    Parameter,
    Quorum,
    QuorumKind,
    assembly_rules,
    missing_for_assemblies,
    read_parameter,
)
from tests.factories import RULES


def rows(**changed):
    return {name: Cited(value, f"article on {name}") for name, value in {**RULES, **changed}.items()}


@given(base=st.integers(1, 60_000_000), permille=st.integers(1, 1000))
def test_quorum_is_the_smallest_number_that_reaches_the_share(base, permille):
    required = Quorum(QuorumKind.SHARE_OF_POPULATION, permille).required(population=base, on_roll=0)

    share = Fraction(permille, 1000)
    assert isinstance(required, int)
    assert required >= base * share
    assert required - 1 < base * share


@pytest.mark.parametrize(("population", "required"), [(20_000, 200), (20_001, 201), (20_099, 201), (20_100, 201)])
def test_one_percent_of_residents_is_seouls_quorum(population, required):
    assert Quorum(QuorumKind.SHARE_OF_POPULATION, 10).required(population=population, on_roll=5) == required


def test_a_share_of_the_roll_looks_at_the_roll_alone():
    assert Quorum(QuorumKind.SHARE_OF_ROLL, 500).required(population=None, on_roll=7) == 4


def test_a_number_needs_no_figure():
    assert Quorum(QuorumKind.NUMBER, 300).required(population=None, on_roll=0) == 300


def test_no_quorum_requires_nobody():
    assert Quorum(QuorumKind.NONE, 0).required(population=None, on_roll=0) == 0


@pytest.mark.parametrize("population", [None, 0, -1])
def test_a_quorum_without_its_figure_is_an_error(population):
    with pytest.raises(ValueError, match="not known"):
        Quorum(QuorumKind.SHARE_OF_POPULATION, 10).required(population=population, on_roll=100)


WRONG = {
    Parameter.VOTING_AGE: [-1, 31, 16.0, "16", True, None, [16], {}],
    Parameter.AGE_REFERENCE: ["", "birthday", None, 1, ["notice"], {}],
    Parameter.RESIDENT_BASES: [[], "registered", ["registered", "tourist"], [["registered"]], [{}], [1], None, {},
                               ["registered", "registered"]],
    Parameter.QUORUM: [
        10,
        None,
        [],
        {"kind": "number"},
        {"kind": "number", "amount": 0},
        {"kind": "number", "amount": 10_000_001},
        {"kind": "share_of_population", "amount": 0},
        {"kind": "share_of_population", "amount": 1001},
        {"kind": "share_of_roll", "amount": 0.5},
        {"kind": "none", "amount": 1},
        {"kind": "most", "amount": 1},
        {"kind": ["number"], "amount": 1},
        {"kind": "number", "amount": 1, "of": "roll"},
    ],
    Parameter.NOTICE_DAYS: [-1, 366, "14", 14.0, False, None],
    Parameter.TIE_RULE: ["", "lot", None, 1, ["shared_rank"], {}],
    Parameter.YEARLY_ASSEMBLY: [0, 1, "true", None, [True]],
    Parameter.SEATS_MIN: [0, -1, 1001, "20", 20.0, True, None],
    Parameter.SEATS_MAX: [0, 1001, "50", False, None],
    Parameter.OPEN_CALL_SHARE_MIN: [500, "50 %", {"permille": 0, "bound": "at_least"},
                                    {"permille": 1001, "bound": "at_least"}, {"permille": 500, "bound": "below"},
                                    {"permille": 500, "bound": "at_most"}, {"permille": 500}, {"bound": "at_least"},
                                    {"permille": 0.5, "bound": "at_least"}, {"permille": 1, "bound": ["at_least"]}],
    Parameter.RECOMMENDED_SHARE_MAX: [500, {"permille": 500, "bound": "at_least"}, {"permille": 0, "bound": "below"},
                                      {"permille": 500, "bound": "beneath"}, {"permille": -1, "bound": "at_most"}],
    Parameter.SEX_SHARE_MAX: [600, {"permille": 600, "bound": "at_least"}, {"permille": 2000, "bound": "at_most"}],
    Parameter.YOUNG_SHARE_MIN: [150, {"permille": 150, "bound": "at_most"}, {"permille": True, "bound": "at_least"}],
    Parameter.YOUNG_AGE_MAX: [-1, 100, "49", None],
    Parameter.RECRUITMENT_DAYS_MIN: [-1, 366, "14", None],
    Parameter.COUNCIL_AGE_MIN: [-1, 31, "16", None],
    Parameter.COUNCIL_AGE_REFERENCE: ["assembly", "", None, 1, ["notice"]],
    Parameter.COUNCIL_BASES: [[], "registered", ["tourist"], ["working", "working"], None],
    Parameter.EDUCATION_HOURS_MIN: [-1, 6.5, "6", 201, True, None],
    Parameter.SELECTION_METHOD: ["", "lot", None, {}, ["balls"]],
    Parameter.SELECTION_BODY: ["", "mayor", None, 1],
    Parameter.ONE_PER_HOUSEHOLD: [0, "no", None],
    Parameter.DRAW_NOTICE_HOURS: [0, -1, 721, "24", 24.0, None],
    Parameter.PUBLICATION_GROUP_SIZE: [0, 1001, "5", None],
    Parameter.NAMES_PUBLISHED: [1, "yes", None],
    Parameter.TERM_MONTHS: [0, 121, "24", None],
    Parameter.REAPPOINTMENTS_MAX: [-1, 21, "1", False, None],
    Parameter.COUNCIL_QUORUM: [10, None, {"kind": "majority"}, {"kind": "majority", "amount": 1},
                               {"kind": "share_of_population", "amount": 10}, {"kind": "share_of_members", "amount": 0},
                               {"kind": "number", "amount": 0}, {"kind": "none", "amount": 2}],
}  # fmt: skip


@pytest.mark.parametrize(("name", "raw"), [(name, raw) for name, wrong in WRONG.items() for raw in wrong])
def test_every_reader_refuses_what_is_wrong(name, raw):
    with pytest.raises(ValueError, match=r"."):
        read_parameter(name, raw)


def test_wrong_values_are_known_for_every_parameter():
    assert set(WRONG) == set(Parameter)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)


FLAGS = {Parameter.YEARLY_ASSEMBLY, Parameter.ONE_PER_HOUSEHOLD, Parameter.NAMES_PUBLISHED}


@given(name=st.sampled_from(Parameter), raw=JSON)
def test_no_json_value_breaks_a_reader(name, raw):
    try:
        read_parameter(name, raw)
    except ValueError:
        return
    assert not isinstance(raw, float)
    assert isinstance(raw, bool) == (name in FLAGS)


def test_an_unknown_parameter_is_refused():
    with pytest.raises(ValueError, match="colour"):
        read_parameter("colour", 1)


def test_typed_values_keep_their_sources():
    rules = assembly_rules(rows())

    assert rules.voting_age == Cited(16, "article on voting_age")
    assert rules.age_reference.value is AgeReference.NOTICE
    assert rules.resident_bases.value == {"registered", "working", "studying"}
    assert rules.quorum.value == Quorum(QuorumKind.SHARE_OF_POPULATION, 10)
    assert rules.tie_rule.source == "article on tie_rule"


@pytest.mark.parametrize("name", ASSEMBLY_PARAMETERS)
def test_a_rule_set_that_is_silent_cannot_carry_an_assembly(name):
    incomplete = rows()
    del incomplete[name]

    assert missing_for_assemblies(incomplete.keys()) == (name,)
    with pytest.raises(ValueError, match=name):
        assembly_rules(incomplete)


def test_a_doubt_travels_with_the_value():
    assert assembly_rules({**rows(), "quorum": Cited(RULES["quorum"], "plan", "read as a quorum")}).quorum.doubt


def test_all_seven_bases_are_readable():
    assert read_parameter("resident_bases", sorted(BASES)) == BASES
    assert len(BASES) == 7
