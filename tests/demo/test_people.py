"""The invented residents: the same every time, plausible, and nobody real."""

import random
from datetime import date

from demo.accounts import OFFICIALS, PASSWORD, RESIDENTS, Standing, table_of_accounts
from demo.names import invented_name
from demo.people import INVENTED, invented_people
from residents.duplicates import Person, likenesses
from residents.states import Role

TODAY = date(2026, 11, 22)


def people():
    return invented_people(random.Random(7), TODAY)


def test_the_same_seed_gives_the_same_people():
    assert people() == people()


def test_about_240_residents_with_mails_that_cannot_be_delivered():
    assert len(people()) == INVENTED
    assert 230 <= INVENTED + len(RESIDENTS) <= 250
    mails = [person.email for person in (*people(), *RESIDENTS, *OFFICIALS)]
    assert all(mail.endswith("@example.org") for mail in mails)
    assert len(set(mails)) == len(mails)


def test_ages_are_those_of_a_town():
    ages = sorted(TODAY.year - person.birth_date.year for person in people())
    assert ages[0] >= 14
    assert sum(age >= 80 for age in ages) >= 8
    assert sum(age < 16 for age in ages) >= 1
    assert 40 <= ages[len(ages) // 2] <= 58


def test_nobody_is_taken_for_somebody_else():
    known = [Person(person.name, person.birth_date) for person in people()]
    alike = [(one, other) for place, one in enumerate(known) for other in known[:place] if likenesses(one, other)]
    assert alike == []


def test_names_follow_the_fashion_of_the_decade():
    chance = random.Random(1)
    old = {invented_name(chance, birth_date=date(1940, 1, 1), female=True)[1:] for _ in range(50)}
    young = {invented_name(chance, birth_date=date(2005, 1, 1), female=True)[1:] for _ in range(50)}
    assert "순자" in old
    assert not old & young


def test_there_is_one_account_for_each_role_and_one_resident_for_each_standing():
    assert [official.role for official in OFFICIALS].count(Role.OPERATOR) == 1
    assert {official.role for official in OFFICIALS} == set(Role)
    assert {resident.standing for resident in RESIDENTS} == set(Standing)


def test_the_table_names_every_account_with_the_password_and_what_to_try():
    table = table_of_accounts()
    assert PASSWORD in table
    for person in (*RESIDENTS, *OFFICIALS):
        assert all(text in table for text in (person.email, person.who_ko, person.who_en, person.try_ko, person.try_en))
