"""The village fund: what comes and goes, cash that never falls below zero, years that are settled and stay."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from core.errors import RuleViolation
from core.ledgers.models import Posting, Transaction
from councils.fund import Income, Movement, Spending, reckon_year
from councils.models import FundSettlement
from councils.queries.fund import fund_book, fund_year, fund_years
from councils.services.fund import carry_in, record_income, record_spending, settle_fund, take_back_entry
from residents.states import Role
from tests.factories import NOON, CouncilFactory, official

DAY = NOON.date()
LAST = DAY.year - 1


@given(
    st.lists(st.tuples(st.sampled_from([*Income, *Spending]), st.integers(-(10**12), 10**12))), st.integers(0, 10**9)
)
def test_a_year_adds_up(moves, carried_in) -> None:
    year = reckon_year(2020, carried_in, [Movement(account, amount) for account, amount in moves])
    assert year.income == sum(amount for account, amount in moves if account in set(Income))
    assert year.spending == sum(amount for account, amount in moves if account in set(Spending))
    assert sum(year.by_account.values()) == year.income + year.spending
    assert year.carried_out == carried_in + year.income - year.spending


def test_what_is_neither_income_nor_spending_is_refused() -> None:
    with pytest.raises(ValueError, match="cash"):
        reckon_year(2020, 0, [Movement("cash", 1)])


@pytest.fixture
def council(db):
    return CouncilFactory()


@pytest.fixture
def keeper(council):
    return official(Role.DONG_OFFICIAL, council.dong)


def came(council, amount, day=DAY, source=Income.DUES, **more):
    facts = {"source": source, "amount": amount, "occurred_on": day, "text": "회비"} | more
    return record_income(council_id=council.pk, **facts, actor=None, at=NOON)


def went(council, amount, day=DAY, purpose=Spending.PROJECTS):
    facts = {"purpose": purpose, "amount": amount, "occurred_on": day, "text": "재료"}
    return record_spending(council_id=council.pk, **facts, actor=None, at=NOON)


def settle(council, year=LAST, **more):
    facts = {"year": year, "note": "감사를 마쳤습니다.", "settled_on": date(year + 1, 2, 1)} | more
    return settle_fund(council_id=council.pk, **facts, actor=official(Role.DONG_OFFICIAL, council.dong), at=NOON)


def test_years_follow_one_another_and_the_book_says_the_same(council) -> None:
    carry_in(council_id=council.pk, amount=1_000, occurred_on=date(LAST - 1, 3, 1), actor=None, at=NOON)
    came(council, 500, date(LAST - 1, 5, 1))
    went(council, 200, date(LAST, 5, 1))
    came(council, 70, date(LAST, 12, 31), Income.HALL)
    came(council, 30)
    assert fund_years(council) == [DAY.year, LAST, LAST - 1]
    book = fund_book(council)
    assert book == [fund_year(council, year) for year in fund_years(council)]
    assert [(one.carried_in, one.income, one.spending, one.carried_out) for one in book] == [
        (1_370, 30, 0, 1_400),
        (1_500, 70, 200, 1_370),
        (1_000, 500, 0, 1_500),
    ]
    assert sum(Posting.objects.values_list("amount", flat=True)) == 0


def test_years_without_entries_stand_between_others(council) -> None:
    came(council, 10, date(LAST - 2, 1, 1))
    came(council, 5, date(LAST, 1, 1))
    assert [(one.year, one.carried_out) for one in fund_book(council)] == [(LAST, 15), (LAST - 1, 10), (LAST - 2, 10)]


def test_no_more_is_spent_than_there_is(council) -> None:
    came(council, 100)
    with pytest.raises(RuleViolation) as no:
        went(council, 101)
    assert no.value.code == "below_floor"


@pytest.mark.parametrize(("amount", "day"), [(0, DAY), (-5, DAY), (5, DAY + timedelta(days=1))])
def test_amounts_and_days_have_to_be_some(council, amount, day) -> None:
    with pytest.raises(RuleViolation):
        came(council, amount, day)


def test_the_same_order_is_recorded_once(council) -> None:
    assert came(council, 5, key="a").pk == came(council, 5, key="a").pk
    with pytest.raises(RuleViolation):
        came(council, 6, key="a")


def test_books_begin_once(council) -> None:
    came(council, 5)
    with pytest.raises(RuleViolation) as no:
        carry_in(council_id=council.pk, amount=5, occurred_on=DAY, actor=None, at=NOON)
    assert no.value.code == "has_entries"


def test_an_entry_is_taken_back_by_its_opposite_and_of_this_fund_only(council) -> None:
    entry = came(council, 100)
    order = {"transaction_id": entry.pk, "reason": "두 번 적음", "actor": None, "at": NOON}
    with pytest.raises(RuleViolation) as no:
        take_back_entry(council_id=CouncilFactory().pk, **order)
    assert no.value.code == "other_ledger"
    take_back_entry(council_id=council.pk, **order)
    assert fund_year(council, DAY.year).income == 0
    with pytest.raises(RuleViolation):
        take_back_entry(council_id=council.pk, **order)


def test_a_settled_year_stays_and_carries_over(council) -> None:
    came(council, 100, date(LAST, 3, 1))
    went(council, 40, date(LAST, 4, 1))
    settled = settle(council)
    assert (settled.carried_in, settled.income, settled.spending, settled.carried_out) == (0, 100, 40, 60)
    assert settled.sums == [["dues", 100], ["projects", 40]]
    for again in (lambda: came(council, 1, date(LAST, 12, 31)), lambda: went(council, 1, date(LAST, 1, 1))):
        with pytest.raises(RuleViolation) as no:
            again()
        assert no.value.code == "settled_already"
    with pytest.raises(RuleViolation):
        settle(council)
    assert fund_year(council, DAY.year).carried_in == 60


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"year": DAY.year, "settled_on": DAY}, "year_not_over"),
        ({"year": 1999}, "year_not_over"),
        ({"settled_on": date(LAST, 12, 31)}, "rule"),
        ({"settled_on": DAY + timedelta(days=1)}, "rule"),
    ],
)
def test_a_year_is_settled_when_it_is_over(council, more, code) -> None:
    came(council, 5, date(LAST, 1, 1))
    with pytest.raises(RuleViolation) as no:
        settle(council, **more)
    assert code in {no.value.code, "rule"}
    assert not FundSettlement.objects.exists()


def test_an_earlier_year_is_settled_first_and_nothing_without_books(council) -> None:
    with pytest.raises(RuleViolation) as no:
        settle(council)
    assert no.value.code == "no_books"
    came(council, 5, date(LAST - 1, 1, 1))
    came(council, 5, date(LAST, 1, 1))
    with pytest.raises(RuleViolation) as no:
        settle(council)
    assert no.value.code == "earlier_open"
    settle(council, LAST - 1)
    assert settle(council).carried_in == 5


# --- pages and the desk ---


def test_everybody_reads_sums_and_no_entries(client, council) -> None:
    came(council, 1_234_000, date(LAST, 3, 1), text="김아무개 회비")
    settle(council)
    page = reverse("councils:fund", args=[council.pk])
    text = client.get(page).content.decode()
    assert "1,234,000" in text
    assert "김아무개" not in text
    assert client.get(page, {"year": LAST}).status_code == 200
    assert client.get(page, {"year": "1999"}).status_code == 404
    assert client.get(page, {"year": "x"}).status_code == 404


def test_a_fund_without_books_says_so(client, council) -> None:
    assert client.get(reverse("councils:fund", args=[council.pk])).status_code == 200


def test_many_years_and_entries_take_no_more_queries(client, council, django_assert_num_queries) -> None:
    came(council, 10, date(LAST, 1, 1))
    page = reverse("councils:fund", args=[council.pk])
    with django_assert_num_queries(4):
        client.get(page)
    for year in range(2015, LAST):
        came(council, 10, date(year, 1, 1))
    with django_assert_num_queries(4):
        client.get(page)


def act(council, name):
    return reverse(f"admin:councils_council_{name}", args=[council.pk])


def test_the_fund_is_kept_at_the_desk(client, council, keeper, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(keeper)
    income = {"source": "hall", "amount": "50000", "occurred_on": f"{LAST}-03-02", "text": "대관료", "reference": "1"}
    assert client.get(act(council, "fund-income")).status_code == 200
    assert client.post(act(council, "fund-income"), income).status_code == 302
    spending = {"purpose": "running", "amount": "20000", "occurred_on": f"{LAST}-04-02", "text": "종이"}
    assert client.post(act(council, "fund-spending"), spending).status_code == 302
    assert client.post(act(council, "fund-spending"), spending | {"amount": "90000"}).status_code in {200, 400, 409}
    entry = Transaction.objects.get(text="종이")
    assert client.get(act(council, "fund-take-back")).status_code == 200
    back = {"entry": entry.pk, "reason": "잘못 적음"}
    assert client.post(act(council, "fund-take-back"), back).status_code == 302
    assert fund_year(council, LAST).income == 50_000
    settled = {"year": str(LAST), "settled_on": f"{LAST + 1}-02-01", "note": ""}
    assert client.post(act(council, "fund-settle"), settled).status_code == 302
    assert client.get(reverse("admin:councils_fundsettlement_changelist")).status_code == 200
    made = FundSettlement.objects.get()
    assert client.get(reverse("admin:councils_fundsettlement_change", args=[made.pk])).status_code == 200


def test_the_auditor_reads_and_writes_nothing(client, council, settings) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    client.force_login(official(Role.AUDITOR, council.dong.parent))
    assert client.post(act(council, "fund-income"), {}).status_code in {403, 404}
    assert not Transaction.objects.exists()
