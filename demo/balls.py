"""A draw by balls, as the customary ordinances have it, half way through: the festival's planning group of 상무2동.

The group, its rules, people and balls are invented.
"""

from datetime import timedelta

from councils.models import Application, CustomaryDraw, Recruitment
from councils.services.applications import submit_application
from councils.services.bodies import found_body
from councils.services.customary import Figures, enter_ball, start_customary_draw, strike_ball
from councils.services.decisions import set_committee
from councils.services.eligibility import confirm_eligibility
from councils.services.pool import settle_pool
from councils.services.recruitment import Dates, Plan, announce_recruitment, create_recruitment
from councils.states import BodyKind, IntakeWay, Method
from demo.recruitments import COMMITTEE, CONSENT, INVENTED, Recruiting, invented_applicant
from ordinances.models import RuleSet

RULES = "demo-seogu-body"
SEATS = 6
ALTERNATES = 2
APPLICANTS = 14
DRAWN_SO_FAR = 4
# Everybody can read who drew a ball, so nobody is named.
DRAWN_BY = ("초대한 주민", "추천위원", "통장", "참관한 주민")


def load_balls(run: Recruiting, rules: RuleSet) -> CustomaryDraw:
    """Recruit the group, settle its pool, and draw the first balls this morning; the next one is waited for."""
    recruitment = _recruit(run, rules)
    actor, at = run.dong_official, run.now - timedelta(minutes=20)
    draw = start_customary_draw(
        recruitment_id=recruitment.pk, figures=Figures(alternates=ALTERNATES), actor=actor, at=at
    )
    numbers = run.chance.sample(range(1, APPLICANTS + 1), DRAWN_SO_FAR + 1)
    # The second ball is read out wrongly, struck with its reason, and entered as it was.
    for position, number in enumerate((numbers[0], numbers[-1], *numbers[1:-1]), start=1):
        enter_ball(
            draw_id=draw.pk,
            position=position,
            number=number,
            score=None,
            drawn_by=DRAWN_BY[position % len(DRAWN_BY)],
            actor=actor,
            at=at + timedelta(minutes=position),
        )
        if number == numbers[-1]:
            strike_ball(
                draw_id=draw.pk, reason="공의 번호를 잘못 읽음", actor=actor, at=at + timedelta(minutes=position)
            )
    return draw


def _recruit(run: Recruiting, rules: RuleSet) -> Recruitment:
    actor, opens = run.dong_official, run.moment(-30)
    body = found_body(
        kind=BodyKind.PLANNING,
        name="상무2동 마을축제 기획단(시연)",
        region=run.council.dong,
        actor=actor,
        at=opens - timedelta(days=3),
    )
    recruitment = create_recruitment(
        council=body,
        rule_set=rules,
        plan=Plan(
            title="상무2동 마을축제 기획단 모집 (공 추첨)",
            method=Method.BALLS,
            seats=SEATS,
            place="상무2동 행정복지센터 3층 대회의실",
            contact="상무2동 행정복지센터 주민자치 담당 062-000-0000",
            about=f"내년 봄 마을축제를 함께 준비할 분을 모십니다. {INVENTED}",
        ),
        dates=Dates(
            opens_at=opens,
            closes_at=run.moment(-14, 18),
            learning_until=run.moment(-10, 18),
            draw_at=run.now - timedelta(minutes=30),
            appoints_on=run.moment(7).date(),
            erase_on=run.moment(365).date(),
        ),
        actor=actor,
        at=opens - timedelta(days=2),
    )
    set_committee(recruitment_id=recruitment.pk, members=COMMITTEE, actor=actor, at=opens - timedelta(days=1))
    announce_recruitment(recruitment_id=recruitment.pk, actor=actor, at=opens)
    for place in range(APPLICANTS):
        at = run.moment(-29 + place, 11)
        application: Application = submit_application(
            recruitment_id=recruitment.pk,
            facts=invented_applicant(run.chance, place, at.date(), answers={}),
            way=IntakeWay.COUNTER,
            consent_version=CONSENT,
            user=None,
            actor=actor,
            at=at,
        )
        confirm_eligibility(application_id=application.pk, document="주민등록증", actor=actor, at=at)
    settle_pool(recruitment_id=recruitment.pk, actor=actor, at=run.moment(-9, 10))
    return recruitment
