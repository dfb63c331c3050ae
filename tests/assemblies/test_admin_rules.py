"""Help texts of the desk quote the rule that binds: value, article, and what follows from it for this assembly."""

from datetime import timedelta

import pytest

from assemblies.admin.rule_help import notice_help, quorum_help
from ordinances.models import Rule
from ordinances.quoting import quote
from ordinances.rulesets import Parameter
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.assemblies.desk import act, signed_in, url, words
from tests.factories import NOON, RuleSetFactory, official

pytestmark = pytest.mark.usefixtures("clock", "db")

TODAY = NOON.date()


def test_a_quote_names_rule_value_title_and_article_and_leads_to_the_rule_set():
    rule_set = RuleSetFactory(title="서구 <조례>")
    line = quote(rule_set, Parameter.NOTICE_DAYS)
    assert f'<a href="{rule_set.get_absolute_url()}">“서구 &lt;조례&gt;”, 제11조</a>' in line
    assert "days of notice:" in line
    assert "at least 14 days before" in line


def test_without_an_article_the_title_alone_is_cited():
    rule_set = RuleSetFactory()
    rule_set.rules.update(article=" ")
    assert ">“조례”</a>" in quote(rule_set, Parameter.QUORUM)


def test_a_doubt_is_said():
    rule_set = RuleSetFactory()
    rule_set.rules.update(doubt="출처마다 다릅니다.")
    assert "(to be confirmed: 출처마다 다릅니다.)" in quote(rule_set, Parameter.QUORUM)


@pytest.mark.parametrize("value", [None, "many", -1])
def test_what_a_rule_set_does_not_say_is_not_quoted(value):
    rule_set = RuleSetFactory()
    rules = Rule.objects.filter(rule_set=rule_set, name="notice_days")
    rules.delete() if value is None else rules.update(value=value)
    assert quote(rule_set, Parameter.NOTICE_DAYS) == ""
    assert notice_help(rule_set, held_at=NOON, today=TODAY) == ""


@pytest.mark.parametrize(
    ("days_ahead", "said"),
    [
        (14, "For this day it has to be announced by Mon 1 Jun 2026."),
        (20, "For this day it has to be announced by Sun 7 Jun 2026."),
        (13, "For this day it had to be announced by Sun 31 May 2026. If it is announced today, the earliest day"),
        (None, "If it is announced today, the earliest day for it is Mon 15 Jun 2026."),
    ],
)
def test_the_last_day_of_notice_is_reckoned(days_ahead, said):
    """Whole days between, the day of the announcement not counted: rule set, parameter notice_days (14 days)."""
    held_at = None if days_ahead is None else NOON + timedelta(days=days_ahead)
    assert said in notice_help(RuleSetFactory(), held_at=held_at, today=TODAY)


def test_after_the_announcement_only_the_rule_is_quoted():
    said = notice_help(RuleSetFactory(), held_at=NOON, today=TODAY, is_announced=True)
    assert "14 days" in said
    assert "announced" not in said


@pytest.mark.parametrize(
    ("quorum", "said"),
    [
        ({"kind": "share_of_population", "amount": 10}, "With a population of 20,000 people this is 200 people."),
        ({"kind": "share_of_roll", "amount": 10}, ""),
        ({"kind": "none", "amount": 0}, ""),
    ],
)
def test_the_quorum_is_reckoned_where_it_can_be(quorum, said):
    text = quorum_help(RuleSetFactory(rules__quorum=quorum), population=20_000)
    assert said in text
    assert ("With a population" in text) == bool(said)


def test_forms_quote_the_rules_of_their_assembly():
    town = make_town(upto="draft", quorum={"kind": "share_of_population", "amount": 10})
    desk = signed_in(town.official)
    page = desk.get(url("assembly_change", town.assembly.pk)).content.decode()
    help_of_day = page.split('id="id_held_at_helptext"')[1].split("</div></div>")[0]
    assert "at least 14 days before" in help_of_day
    assert "has to be announced by" in help_of_day
    assert "With a population of" in page.split('id="id_population_helptext"')[1].split("</div></div>")[0]
    poll = desk.get(url("poll_change", town.poll.pk)).content.decode()
    assert "equal votes share the rank" in poll.split('id="id_tie_rule_helptext"')[1].split("</div></div>")[0]


def test_a_new_assembly_is_told_its_earliest_day_under_each_rule_set_that_can_be_chosen():
    rule_set = RuleSetFactory()
    desk = signed_in(official(Role.DISTRICT_OFFICIAL, rule_set.region))
    assert "the earliest day for it is" in words(desk.get(url("assembly_add")))
    RuleSetFactory(region=rule_set.region, rules__notice_days=7)
    page = words(desk.get(url("assembly_add")))
    assert "the earliest day for it is Mon 15 Jun 2026." in page
    assert "the earliest day for it is Mon 8 Jun 2026." in page


def test_steps_quote_the_rules_that_bind_them():
    town = make_town(upto="draft")
    desk = signed_in(town.official)
    announcing = words(desk.get(act("assembly", "announce", town.assembly)))
    assert "at least 14 days before" in announcing
    building = words(desk.get(act("assembly", "build-roll", town.assembly)))
    assert "16 full years or more" in building
    assert "Age is counted in full years on" in building
    assert "who counts as a resident:" in building
