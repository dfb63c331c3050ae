"""Subcommittees: founded and dissolved, seats of members and residents, requests on the site."""

from datetime import timedelta

import pytest
from django.urls import reverse

from core.errors import RuleViolation
from core.notices.models import Delivery
from councils.models import SubcommitteeSeat
from councils.services.subcommittees import (
    accept_seat,
    ask_to_join,
    change_subcommittee,
    dissolve_subcommittee,
    found_subcommittee,
    leave_seat,
    name_head,
    refuse_seat,
    seat_member,
    seat_resident,
)
from residents.states import Role
from tests.councils.membership_town import DAY, START, term_of
from tests.factories import NOON, UserFactory, official, resident

pytestmark = pytest.mark.django_db
WHO = {"actor": None, "at": NOON}


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def term():
    return term_of()


@pytest.fixture
def part(term):
    return found_subcommittee(council_id=term.council_id, name="문화분과", founded_on=START, **WHO)


def refused(service, **given):
    with pytest.raises(RuleViolation) as no:
        service(**given)
    return no.value.code


def test_a_name_is_taken_once_until_it_is_dissolved(term, part):
    again = {"council_id": term.council_id, "name": " 문화분과 ", "founded_on": DAY, **WHO}
    assert refused(found_subcommittee, **again) == "name_taken"

    dissolve_subcommittee(subcommittee_id=part.pk, on=DAY, **WHO)

    assert found_subcommittee(**again).name == "문화분과"
    assert (
        refused(change_subcommittee, subcommittee_id=part.pk, name="x", about="", takes_residents=True, **WHO)
        == "wrong_state"
    )


def test_members_sit_in_it_and_one_heads_it(term, part):
    one, two, _three = term.members.order_by("pk")
    first = seat_member(subcommittee_id=part.pk, member_id=one.pk, on=DAY, **WHO)
    second = seat_member(subcommittee_id=part.pk, member_id=two.pk, on=DAY, **WHO)
    assert refused(seat_member, subcommittee_id=part.pk, member_id=one.pk, on=DAY, **WHO) == "seated_already"

    name_head(seat_id=first.pk, **WHO)
    name_head(seat_id=second.pk, **WHO)

    assert list(SubcommitteeSeat.objects.filter(is_head=True)) == [second]


def test_members_of_other_councils_do_not(part):
    other = term_of().members.first()

    assert refused(seat_member, subcommittee_id=part.pk, member_id=other.pk, on=DAY, **WHO) == "foreign_member"


def test_a_resident_heads_nothing(part):
    seat = seat_resident(subcommittee_id=part.pk, name="이주민", on=DAY, **WHO)

    assert refused(name_head, seat_id=seat.pk, **WHO) == "no_member"


def test_dissolving_empties_it(term, part):
    seat_member(subcommittee_id=part.pk, member_id=term.members.first().pk, on=DAY, **WHO)
    ask_to_join(subcommittee_id=part.pk, user=resident(term.council.dong), at=NOON)

    dissolve_subcommittee(subcommittee_id=part.pk, on=DAY, **WHO)

    assert not SubcommitteeSeat.objects.filter(left_on__isnull=True).exists()


# --- requests ---------------------------------------------------------------------------------------------------------


def test_a_resident_asks_and_is_accepted(term, part):
    """Source: rules.md C7: open to residents who are not members."""
    user = resident(term.council.dong)
    seat = ask_to_join(subcommittee_id=part.pk, user=user, at=NOON)
    assert ask_to_join(subcommittee_id=part.pk, user=user, at=NOON) == seat

    accept_seat(seat_id=seat.pk, **WHO)

    seat.refresh_from_db()
    assert (seat.joined_on, seat.member) == (DAY, None)
    assert Delivery.objects.get().address == user.email
    assert refused(accept_seat, seat_id=seat.pk, **WHO) == "wrong_state"


def test_who_is_refused_reads_why_and_may_ask_again(term, part):
    user = resident(term.council.dong)
    seat = ask_to_join(subcommittee_id=part.pk, user=user, at=NOON)
    assert refused(refuse_seat, seat_id=seat.pk, reason=" ", **WHO) == "no_reason"

    refuse_seat(seat_id=seat.pk, reason="자리가 없습니다.", **WHO)

    assert "자리가 없습니다." in str(Delivery.objects.values_list("context", flat=True))
    assert ask_to_join(subcommittee_id=part.pk, user=user, at=NOON) != seat


def test_who_may_not_ask(term, part):
    assert refused(ask_to_join, subcommittee_id=part.pk, user=UserFactory(), at=NOON) == "not_from_here"
    member = resident(term.council.dong)
    term.members.filter(pk=term.members.first().pk).update(user=member)
    assert refused(ask_to_join, subcommittee_id=part.pk, user=member, at=NOON) == "is_member"
    change_subcommittee(subcommittee_id=part.pk, name="문화", about="", takes_residents=False, **WHO)
    user = resident(term.council.dong)
    assert refused(ask_to_join, subcommittee_id=part.pk, user=user, at=NOON) == "members_only"


def test_nobody_accepts_themselves(term, part):
    user = resident(term.council.dong)
    seat = ask_to_join(subcommittee_id=part.pk, user=user, at=NOON)

    assert refused(accept_seat, seat_id=seat.pk, actor=user, at=NOON) == "own_request"


def test_a_seat_is_given_up_once(part):
    seat = seat_resident(subcommittee_id=part.pk, name="이주민", on=DAY, **WHO)
    assert refused(leave_seat, seat_id=seat.pk, on=DAY - timedelta(days=1), **WHO) == "before_joining"
    leave_seat(seat_id=seat.pk, on=DAY, **WHO)

    assert refused(leave_seat, seat_id=seat.pk, on=DAY, **WHO) == "wrong_state"


# --- on the site ------------------------------------------------------------------------------------------------------


def test_joining_on_the_site(client, term, part):
    user = resident(term.council.dong)
    page, join = (reverse(f"councils:{name}", args=[part.pk]) for name in ("subcommittee", "subcommittee_join"))
    assert client.get(join).status_code == 302  # to signing in
    client.force_login(user, backend="residents.backends.EmailBackend")
    assert user.name in client.get(join).content.decode()

    for _time in range(2):  # a double tap
        assert client.post(join).url.endswith(page)

    assert SubcommitteeSeat.objects.filter(user=user).count() == 1
    assert user.name not in client.get(page).content.decode()
    for _time in range(2):
        client.post(reverse("councils:subcommittee_leave", args=[part.pk]))
    assert SubcommitteeSeat.objects.get().left_on is not None


def test_a_stranger_is_refused_with_a_sentence(client, part):
    client.force_login(UserFactory(), backend="residents.backends.EmailBackend")

    assert client.post(reverse("councils:subcommittee_join", args=[part.pk])).status_code == 409
    assert not SubcommitteeSeat.objects.exists()


def test_names_of_residents_stand_on_no_public_page(client, term, part):
    seat_resident(subcommittee_id=part.pk, name="비밀주민", on=DAY, **WHO)

    for name, pk in (("subcommittee", part.pk), ("council", term.council_id), ("members", term.council_id)):
        assert "비밀주민" not in client.get(reverse(f"councils:{name}", args=[pk])).content.decode()


def test_the_officer_answers_at_the_desk(client, term, part):
    seat = ask_to_join(subcommittee_id=part.pk, user=resident(term.council.dong), at=NOON)
    client.force_login(official(Role.COUNCIL_OFFICER, term.council.dong))
    listed = reverse("admin:councils_subcommitteeseat_changelist")
    assert client.get(f"{listed}?request=waits").context_data["cl"].result_count == 1
    assert client.get(f"{listed}?request=x").status_code == 400

    assert client.post(reverse("admin:councils_subcommitteeseat_accept", args=[seat.pk])).status_code == 302

    assert client.get(f"{listed}?request=waits").context_data["cl"].result_count == 0
    assert client.get(reverse("admin:councils_member_changelist")).status_code == 200


def test_the_desk_founds_and_seats(client, term):
    client.force_login(official(Role.COUNCIL_OFFICER, term.council.dong))
    add = reverse("admin:councils_subcommittee_add")
    sent = {"council": term.council_id, "name": "환경분과", "about": "", "founded_on": START.isoformat()}
    assert client.post(add, {**sent, "takes_residents": "on"}).status_code == 302
    part = term.council.subcommittees.get()

    member = term.members.first()
    act = reverse("admin:councils_subcommittee_seat-member", args=[part.pk])
    assert client.post(act, {"member": member.pk, "on": DAY.isoformat()}).status_code == 302

    assert part.seats.get().member == member
    assert client.post(add, {**sent, "takes_residents": "on"}).status_code in {400, 409}
