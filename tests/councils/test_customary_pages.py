"""Customary draws guided at the desk: what is asked for, struck, passed over, replayed, open to everybody."""

import hashlib

import pytest
from django.urls import reverse

from core.errors import RuleViolation
from councils.customary import read_record
from councils.models import CustomaryDraw
from councils.services.customary import (
    Figures,
    enter_ball,
    finish_customary_draw,
    outcome_of,
    start_customary_draw,
    strike_ball,
    void_customary_draw,
)
from councils.services.decisions import record_decision
from councils.states import ApplicationStatus, CustomaryStatus, DecisionKind, Method, RecruitmentStatus
from tests.councils.drawing_town import HALL, runner
from tests.councils.recruiting import decision, settled
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def begun(method=Method.BALLS, *, pool=12, seats=5, alternates=2, **figures):
    recruitment = settled(
        pool=pool, seats=seats, method=method, features=() if method != Method.WITHIN_GROUPS else None
    )
    return start_customary_draw(
        recruitment_id=recruitment.pk,
        figures=Figures(alternates=alternates, **figures),
        actor=runner(recruitment),
        at=HALL,
    )


def next_ball(draw, number, score=None):
    actor = runner(draw.recruitment)
    position = draw.balls.count() + 1
    return enter_ball(
        draw_id=draw.pk, position=position, number=number, score=score, drawn_by="초대한 주민", actor=actor, at=HALL
    )


def play(draw):
    """Whatever can be recorded next, with the smallest numbers first, until nothing more is asked for."""
    draw = CustomaryDraw.objects.prefetch_related("balls").get(pk=draw.pk)
    while (prompt := outcome_of(draw).prompt) is not None:
        for number in range(1, len(draw.pool["ids"]) + 1):
            try:
                next_ball(draw, number, score=number if prompt.asked == "score" else None)
            except RuleViolation:
                continue
            break
        draw = CustomaryDraw.objects.prefetch_related("balls").get(pk=draw.pk)
    return draw


@pytest.mark.parametrize("method", [Method.BALLS, Method.LOTTERY_INTERVIEW, Method.RECOMMENDATION_SHARES])
def test_each_way_fills_the_council_and_says_what_became_of_everybody(method) -> None:
    draw = play(begun(method, invited=8))
    finish_customary_draw(draw_id=draw.pk, actor=runner(draw.recruitment), at=HALL)
    draw.refresh_from_db()
    draw.recruitment.refresh_from_db()
    states = list(draw.recruitment.applications.values_list("status", flat=True))
    assert states.count(ApplicationStatus.SELECTED) == draw.recruitment.seats
    assert ApplicationStatus.POOL not in states
    assert draw.recruitment.status == RecruitmentStatus.DRAWN


def test_groups_of_sex_age_and_track_are_drawn_one_after_the_other() -> None:
    draw = play(begun(Method.WITHIN_GROUPS, pool=24, seats=10))
    assert len(outcome_of(draw).selected) == 10


def test_a_sex_that_has_its_share_is_passed_over() -> None:
    draw = begun(alternates=0)
    by_sex = {"female": [], "male": []}
    for one in draw.recruitment.applications.order_by("pool_number"):
        by_sex[one.sex].append(one.pool_number)
    for number in by_sex["female"][:4]:
        next_ball(draw, number)
    outcome = outcome_of(CustomaryDraw.objects.get(pk=draw.pk))
    assert len(outcome.selected) == 3
    assert [one.number for one in outcome.passed_over] == [str(by_sex["female"][3])]


def test_a_wrong_ball_and_a_ball_twice_are_refused_in_words() -> None:
    draw = begun()
    next_ball(draw, 1)
    for number in (1, 99):
        with pytest.raises(RuleViolation) as refusal:
            next_ball(draw, number)
        assert str(number) in refusal.value.text


def test_the_same_ball_sent_twice_is_one() -> None:
    draw = begun()
    for _time in range(2):
        enter_ball(
            draw_id=draw.pk,
            position=1,
            number=3,
            score=None,
            drawn_by="",
            actor=runner(draw.recruitment),
            at=HALL,
        )
    assert draw.balls.count() == 1


def test_a_slip_is_struck_with_its_reason_and_can_be_drawn_again() -> None:
    draw = begun()
    next_ball(draw, 3)
    with pytest.raises(RuleViolation):
        strike_ball(draw_id=draw.pk, reason="", actor=runner(draw.recruitment), at=HALL)
    strike_ball(draw_id=draw.pk, reason="잘못 읽었습니다.", actor=runner(draw.recruitment), at=HALL)
    next_ball(draw, 3)
    assert draw.balls.count() == 2
    assert outcome_of(CustomaryDraw.objects.get(pk=draw.pk)).selected == ("3",)


def test_an_incomplete_draw_is_not_finished() -> None:
    draw = begun()
    with pytest.raises(RuleViolation) as refusal:
        finish_customary_draw(draw_id=draw.pk, actor=runner(draw.recruitment), at=HALL)
    assert refusal.value.code == "not_complete"


def test_a_draw_is_voided_by_decision_and_the_pool_drawn_from_again() -> None:
    draw = play(begun())
    actor = runner(draw.recruitment)
    finish_customary_draw(draw_id=draw.pk, actor=actor, at=HALL)
    voiding = record_decision(
        recruitment_id=draw.recruitment_id, kind=DecisionKind.VOID_DRAW, facts=decision(), actor=actor, at=HALL
    )
    void_customary_draw(draw_id=draw.pk, decision_id=voiding.pk, actor=actor, at=HALL)
    draw.refresh_from_db()
    draw.recruitment.refresh_from_db()
    assert (draw.status, draw.recruitment.status) == (CustomaryStatus.VOIDED, RecruitmentStatus.POOLED)
    assert set(draw.recruitment.applications.values_list("status", flat=True)) == {ApplicationStatus.POOL}
    start_customary_draw(recruitment_id=draw.recruitment_id, figures=Figures(alternates=0), actor=actor, at=HALL)


def test_guided_at_the_desk_and_open_to_everybody(client, settings, django_assert_max_num_queries) -> None:
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    recruitment = settled(pool=12, seats=5, method=Method.BALLS, features=())
    client.force_login(runner(recruitment), backend="residents.backends.EmailBackend")
    page = reverse("councils:customary_desk", args=[recruitment.pk])

    def act(name, **data):
        return client.post(reverse("councils:customary_act", args=[recruitment.pk, name]), data)

    assert client.get(page).status_code == 200
    assert act("start", alternates="x").status_code == 400
    assert act("start", alternates=1).status_code == 302
    assert client.get(page).context["prompt"]
    assert act("ball", position=1, number=99).status_code == 400
    assert act("ball", position=1, number="").status_code == 400
    assert act("ball", position=1, number=2, drawn_by="초대한 주민").status_code == 302
    assert act("strike", reason="").status_code == 400
    assert act("finish").status_code == 409
    draw = play(CustomaryDraw.objects.get())
    assert act("finish").status_code == 302
    draw.refresh_from_db()
    client.logout()
    with django_assert_max_num_queries(8):
        public = client.get(draw.get_absolute_url())
    assert draw.sha256 in public.content.decode()
    record = client.get(reverse("councils:customary_record", args=[draw.pk])).content
    assert hashlib.sha256(record).hexdigest() == draw.sha256
    assert len(read_record(record)[2]) == draw.balls.filter(struck_because="").count()
    assert client.get(page).status_code == 302


def test_everybody_finds_a_draw_by_balls_among_the_public_draws(client):
    draw = begun()
    assert draw.get_absolute_url() in client.get(reverse("councils:draws")).content.decode()


def test_a_record_that_tells_what_few_share_is_for_those_who_see_the_applications(client, settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    few = begun(Method.WITHIN_GROUPS)
    page, record = few.get_absolute_url(), reverse("councils:customary_record", args=[few.pk])
    assert record not in client.get(page).content.decode()
    assert client.get(record).status_code == 403
    client.force_login(UserFactory(), backend="residents.backends.EmailBackend")
    assert client.get(record).status_code == 403
    client.force_login(runner(few.recruitment), backend="residents.backends.EmailBackend")
    assert record in client.get(page).content.decode()
    assert read_record(client.get(record).content)[0].features


def test_the_pages_show_everybodys_chance_beside_the_fair_lottery(client, settings):
    """Of 12 applicants six are women and six are men; five seats, three of one sex at most."""
    settings.OFFICIALS_NEED_SECOND_FACTOR = False
    draw = begun()

    lines = draw.chances["lines"]
    assert [line[2] for line in lines] == [6, 6]
    assert sum(line[2] * line[3] for line in lines) == pytest.approx(5000, abs=12)

    public = client.get(draw.get_absolute_url()).content.decode()
    client.force_login(runner(draw.recruitment), backend="residents.backends.EmailBackend")
    desk = client.get(reverse("councils:customary_desk", args=[draw.recruitment_id])).content.decode()
    for page in (public, desk):
        assert page.count("<progress") == 4
        assert "가장 불리한 신청자의 확률" in page


def test_chances_stay_when_the_applicants_data_are_gone_and_small_groups_are_left_out(client):
    draw = begun()
    draw.recruitment.applications.update(sex="", name="")
    draw.chances["lines"][0][2] = 4
    draw.save()

    page = client.get(draw.get_absolute_url()).content.decode()

    assert page.count("<progress") == 2
