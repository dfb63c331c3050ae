"""The resident's way through the pages, and every bad ballot that a stranger can send."""

import re
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from assemblies.models import Ballot, OptionResult, Participation, Poll
from assemblies.services import (
    announce_assembly,
    cast_ballot,
    close_poll,
    count_poll,
    halt_poll,
    publish_poll,
)
from assemblies.states import AssemblyStatus, PollKind
from residents.states import Role
from tests.assemblies.conftest import make_town
from tests.factories import AgendaItemFactory, AssemblyFactory, DongFactory, UserFactory, official, resident


@pytest.fixture
def now(monkeypatch):
    """Pages read the clock; here it stands one hour after the opening of the poll."""
    from tests.factories import NOON

    moment = NOON + timedelta(hours=1)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    return moment


@pytest.fixture
def voter(town, client, now):
    client.force_login(town.voters[0])
    return client


def url(name, poll):
    return reverse(f"assemblies:{name}", args=[poll.pk])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def form(town, options=None, **extra):
    return {"submission": str(uuid.uuid4()), "option": options if options is not None else town.options()[:1], **extra}


def test_the_whole_way_from_ballot_to_receipt(voter, town):
    ballot = voter.get(url("ballot", town.poll))
    submission = re.search(r'name="submission" value="([^"]+)"', ballot.content.decode())[1]
    sent = {"submission": submission, "option": town.options()[:2]}

    check = voter.post(url("check", town.poll), sent)
    assert check.status_code == 200
    assert not Ballot.objects.exists()
    assert all(title in check.content.decode() for title in ["의제"])

    cast = voter.post(url("cast", town.poll), sent)
    assert (cast.status_code, cast["Location"]) == (303, url("receipt", town.poll))
    receipt = voter.get(cast["Location"])
    assert Participation.objects.get().receipt in receipt.content.decode()
    assert Ballot.objects.get().choices == town.options()[:2]


def test_the_receipt_does_not_say_what_was_chosen(voter, town):
    voter.post(url("cast", town.poll), form(town))
    receipt = voter.get(url("receipt", town.poll)).content.decode()
    assert not any(option.item.title in receipt for option in town.poll.options.all())


@pytest.mark.parametrize("name", ["ballot", "receipt"])
def test_pages_of_the_ballot_are_never_stored(voter, town, name):
    voter.post(url("cast", town.poll), form(town)) if name == "receipt" else None
    assert "no-store" in voter.get(url(name, town.poll))["Cache-Control"]


def test_check_and_cast_are_never_stored(voter, town):
    assert "no-store" in voter.post(url("check", town.poll), form(town))["Cache-Control"]
    assert "no-store" in voter.post(url("cast", town.poll), form(town))["Cache-Control"]


def test_going_back_from_the_check_page_keeps_the_choice(voter, town):
    sent = form(town, town.options()[1:2])
    page = voter.post(url("ballot", town.poll), sent).content.decode()
    assert re.findall(r'value="(\d+)"[^>]* checked', page) == [str(town.options()[1])]
    assert sent["submission"] in page


def test_a_double_click_is_one_vote_and_ends_at_the_receipt(voter, town):
    sent = form(town)
    first, second = (voter.post(url("cast", town.poll), sent) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert (Ballot.objects.count(), Participation.objects.count()) == (1, 1)


def test_a_second_tab_is_told_that_the_first_vote_counts(voter, town):
    voter.post(url("cast", town.poll), form(town))
    second = voter.post(url("cast", town.poll), form(town, town.options()[1:2]))
    assert second.status_code == 409
    assert url("receipt", town.poll) in second.content.decode()
    assert Ballot.objects.get().choices == town.options()[:1]


def test_who_comes_back_to_the_ballot_reads_that_they_have_voted(voter, town):
    voter.post(url("cast", town.poll), form(town))
    assert "이미 참여하셨습니다" in text_of(voter.get(url("ballot", town.poll), follow=True))


def test_back_to_the_ballot_after_voting_leads_to_the_receipt(voter, town):
    voter.post(url("cast", town.poll), form(town))
    for response in (
        voter.get(url("ballot", town.poll)),
        voter.post(url("check", town.poll), form(town)),
        voter.post(url("ballot", town.poll), form(town)),
    ):
        assert (response.status_code, response["Location"]) == (303, url("receipt", town.poll))


def test_a_ballot_without_a_session_is_not_recorded_and_says_so(client, town, now):
    for name in ("ballot", "check", "cast"):
        response = client.post(url(name, town.poll), form(town))
        assert response.status_code == 403
        assert f"next={url('ballot', town.poll)}" in response.content.decode()
    assert not Participation.objects.exists()


def test_who_is_not_signed_in_is_sent_to_sign_in_and_back(client, town, now):
    response = client.get(url("ballot", town.poll))
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('account_login')}?next={url('ballot', town.poll)}"


@pytest.mark.parametrize(("who", "offered"), [("voter", True), ("stranger", False), ("visitor", True)])
def test_the_vote_is_offered_to_those_who_may_vote_or_may_still_sign_in(client, town, now, who, offered):
    if who != "visitor":
        client.force_login(town.voters[0] if who == "voter" else UserFactory())
    page = client.get(town.assembly.get_absolute_url()).content.decode()
    assert (url("ballot", town.poll) in page) is offered


def test_one_ballot_is_not_named_at_every_item(client, town, now):
    assert f'href="#poll-{town.poll.pk}"' not in client.get(town.assembly.get_absolute_url()).content.decode()


def test_where_there_are_several_ballots_each_item_says_on_which_it_stands(client, town, now):
    other = _second_poll(town)
    page = client.get(town.assembly.get_absolute_url()).content.decode()
    assert page.count(f'href="#poll-{town.poll.pk}"') == town.poll.options.count()
    assert page.count(f'href="#poll-{other.pk}"') == other.options.count()


def test_the_list_begins_with_what_can_be_voted_in_now(client, town, now):
    announced = {"dong": town.assembly.dong, "status": AssemblyStatus.ANNOUNCED, "announced_at": now}
    later = AssemblyFactory(**announced, held_at=town.assembly.held_at + timedelta(days=30))
    past = AssemblyFactory(**announced, held_at=now - timedelta(days=1))
    page = client.get(reverse("assemblies:list")).content.decode()
    places = [page.index(f'href="{assembly.get_absolute_url()}"') for assembly in (town.assembly, later, past)]
    assert places == sorted(places)
    states = re.findall(r'<span class="badge">([^<]+)<', page)
    assert states == [gettext("to come"), gettext("result to come")]


def test_two_votes_of_one_assembly_are_offered_one_after_the_other(voter, town):
    other = _second_poll(town)
    voter.post(url("cast", town.poll), form(town))
    assert url("ballot", other) in voter.get(url("receipt", town.poll)).content.decode()


def _second_poll(town):
    from tests.factories import PollFactory

    other = PollFactory(assembly=town.assembly, items=0, kind=PollKind.FOR_AGAINST, max_choices=None)
    other.options.create(item=town.assembly.agenda.first(), position=1)
    Poll.objects.filter(pk=other.pk).update(status="open")
    return other


@pytest.fixture
def answers(town):
    """A poll for or against two items, open."""
    return make_town(items=2, kind=PollKind.FOR_AGAINST, max_choices=None)


def test_for_and_against_are_cast_item_by_item(answers, client, now):
    client.force_login(answers.voters[0])
    first, second = answers.options()
    sent = {"submission": str(uuid.uuid4()), f"item-{first}": "for", f"item-{second}": "abstain"}
    assert client.post(url("check", answers.poll), sent).status_code == 200
    assert client.post(url("cast", answers.poll), sent).status_code == 303
    assert Ballot.objects.get().choices == {str(first): "for", str(second): "abstain"}


@pytest.mark.parametrize("name", ["check", "cast"])
@pytest.mark.parametrize(
    "sent",
    [
        lambda first, _second: {f"item-{first}": "for"},
        lambda _first, _second: {},
        lambda first, second: {f"item-{first}": "for", f"item-{second}": "maybe"},
        lambda first, second: {f"item-{first}": "for", f"item-{second}": "for", "item-999999": "for"},
        lambda first, second: {f"item-{first}": ["for", "against"], f"item-{second}": "for"},
        lambda first, _second: {"option": [first]},
        lambda first, second: {f"item-{first}": "for", f"item-{second}": "for", "admin": "1"},
    ],
    ids=["one missing", "none", "no answer", "unknown item", "two answers", "other kind", "foreign field"],
)
def test_bad_answers_change_nothing(answers, client, now, name, sent):
    client.force_login(answers.voters[0])
    data = {"submission": str(uuid.uuid4()), **sent(*answers.options())}
    response = client.post(url(name, answers.poll), data)
    assert response.status_code in {400, 422}
    assert 'role="alert"' in response.content.decode()
    assert not Participation.objects.exists()
    assert not Ballot.objects.exists()


BIG = "x" * (1024 * 1024)


@pytest.mark.parametrize("name", ["check", "cast"])
@pytest.mark.parametrize(
    ("case", "status"),
    [
        ("unknown item", 400),
        ("too many", {400, 422}),
        ("none", 400),
        ("other poll's item", 400),
        ("item twice", 400),
        ("not a number", 400),
        ("no submission", 400),
        ("bad submission", 400),
        ("foreign field", 400),
        ("NUL", 400),
        ("not yet open", 409),
        ("closed", 409),
        ("halted", 409),
        ("not on the roll", 403),
        ("other dong", 403),
        ("unverified", 403),
        ("CSRF missing", 403),
        ("CSRF wrong", 403),
        ("1 MB body", 413),
        ("3000 fields", {400, 413}),
        ("no such poll", 404),
        ("poll in preparation", 404),
        ("GET", 405),
    ],
)
def test_the_table_of_bad_ballots(db, now, name, case, status):  # noqa: C901, PLR0912 - it is a table
    upto = {"not yet open": "scheduled", "closed": "closed", "poll in preparation": "draft"}.get(case, "open")
    town = make_town(items=4, upto=upto)
    client = Client(enforce_csrf_checks=True)
    person = {"not on the roll": UserFactory, "other dong": lambda: resident(DongFactory()), "unverified": UserFactory}
    client.force_login(person.get(case, lambda: town.voters[0])())
    token = _token(client)
    options = town.options()
    data = {"submission": str(uuid.uuid4()), "option": options[:2], "csrfmiddlewaretoken": token}
    address = url(name, town.poll)
    if case == "unknown item":
        data["option"] = [options[0], 999_999_999]
    elif case == "too many":
        data["option"] = options[:3]
    elif case == "none":
        del data["option"]
    elif case == "other poll's item":
        data["option"] = make_town().options()[:1]
    elif case == "item twice":
        data["option"] = [options[0], options[0]]
    elif case == "not a number":
        data["option"] = ["1 OR 1=1"]
    elif case == "no submission":
        del data["submission"]
    elif case == "bad submission":
        data["submission"] = "../../etc/passwd"
    elif case == "foreign field":
        data["entry_id"] = "1"
    elif case == "NUL":
        data["option"] = ["1\x00"]
    elif case == "halted":
        halt_poll(poll_id=town.poll.pk, reason="시험", actor=town.official, at=now)
    elif case == "CSRF missing":
        del data["csrfmiddlewaretoken"]
    elif case == "CSRF wrong":
        data["csrfmiddlewaretoken"] = "x" * 64
    elif case == "1 MB body":
        data["option"] = [BIG]
    elif case == "3000 fields":
        data |= {f"f{number}": "1" for number in range(3000)}
    elif case == "no such poll":
        address = reverse(f"assemblies:{name}", args=[999_999_999])
    response = client.get(address) if case == "GET" else client.post(address, data)
    assert response.status_code in (status if isinstance(status, set) else {status})
    assert not Ballot.objects.exists()
    assert not Participation.objects.exists()
    if case != "GET":
        assert len(text_of(response)) > 40


def _token(client):
    from django.middleware.csrf import get_token
    from django.test import RequestFactory

    request = RequestFactory().get("/")
    token = get_token(request)
    client.cookies["csrftoken"] = request.META["CSRF_COOKIE"]
    return token


@pytest.mark.parametrize("number", ["9" * 30, "0"])
def test_absurd_numbers_in_addresses_are_not_found(client, db, number):
    for path in (f"/polls/{number}/ballot/", f"/polls/{number}/result/", f"/assemblies/{number}/"):
        assert client.get(path).status_code == 404


# --- Side by side -----------------------------------------------------------------------------------------------------


def compared(client, town, *numbers):
    return client.get(reverse("assemblies:compare", args=[town.assembly.pk]), {"item": numbers})


def test_two_or_three_items_stand_side_by_side(client, town):
    response = compared(client, town, 1, 3)
    heads = re.findall(r'<th scope="col".*?lang="ko">([^<]+)</', response.content.decode())
    agenda = list(town.assembly.agenda.order_by("number"))
    assert response.status_code == 200
    assert heads == [agenda[0].title, agenda[2].title]
    assert compared(client, town, 1, 2, 3).status_code == 200


TOO_MANY = "At most %(count)d items fit side by side. Please take one or more ticks away."
TOO_FEW = "Please tick two or three items; then they stand here side by side."
UNKNOWN = "One of these items does not stand on this agenda. Please choose from the list below."


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ([1, 2, 3, 4], TOO_MANY),
        ([1], TOO_FEW),
        ([1, 1], TOO_FEW),
        ([], TOO_FEW),
        ([1, 99], UNKNOWN),
        (["1", "x"], UNKNOWN),
        (["1", "\x00"], UNKNOWN),
        (["01", "2"], UNKNOWN),
        (["9" * 5000, "2"], UNKNOWN),
    ],
)
def test_what_cannot_be_compared_is_said_and_keeps_the_ticks(client, db, asked, said):
    response = compared(client, make_town(items=4), *asked)
    page = response.content.decode()
    assert response.status_code == 400
    assert gettext(said) % {"count": 3} in re.search(r'role="alert">([^<]+)<', page)[1]
    assert "<table" not in page
    ticked = re.findall(r'name="item" value="(\d+)" checked', page)
    assert ticked == sorted({str(number) for number in asked} & {"1", "2", "3", "4"})


def test_the_agenda_offers_to_compare_without_a_script(client, town, now):
    page = client.get(town.assembly.get_absolute_url()).content.decode()
    form = re.search(r'<form class="compare" method="get" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert form[1] == reverse("assemblies:compare", args=[town.assembly.pk])
    assert re.findall(r'type="checkbox" name="item" value="(\d+)"', form[2]) == ["1", "2", "3"]


def test_a_single_item_is_not_offered_for_comparing(client, db, now):
    town = make_town(items=1, kind=PollKind.FOR_AGAINST, max_choices=None)
    page = client.get(town.assembly.get_absolute_url()).content.decode()
    assert 'name="item"' not in page
    assert "<button" not in page.split('class="compare"')[1].split("</form>")[0]


def test_items_of_a_draft_are_compared_by_nobody_else(client, db):
    town = make_town(upto="draft")
    assert compared(client, town, 1, 2).status_code == 404
    client.force_login(town.official)
    assert compared(client, town, 1, 2).status_code == 200


@pytest.mark.parametrize("items", [2, 30])
def test_comparing_has_a_fixed_number_of_queries(client, db, django_assert_num_queries, items):
    town = make_town(items=items, kind=PollKind.FOR_AGAINST, max_choices=None)
    with django_assert_num_queries(3):  # newest audit entry, assembly, agenda
        assert compared(client, town, 1, 2).status_code == 200


# --- One thing to do first --------------------------------------------------------------------------------------------


def primary_links(page):
    return re.findall(r'class="button button--primary[^"]*" href="([^"]+)"', page)


def test_of_several_open_votes_the_first_that_waits_is_the_primary_one(voter, town):
    other = _second_poll(town)
    first = voter.get(town.assembly.get_absolute_url()).content.decode()
    assert primary_links(first) == [url("ballot", town.poll)]
    assert url("ballot", other) in first
    assert first.count('class="vote-bar"') == 1

    voter.post(url("cast", town.poll), form(town))
    assert primary_links(voter.get(town.assembly.get_absolute_url()).content.decode()) == [url("ballot", other)]


def test_the_action_bar_is_there_for_those_who_may_vote_now_and_gone_after(voter, town):
    voting = voter.get(town.assembly.get_absolute_url()).content.decode()
    assert 'class="vote-bar"' in voting
    assert '<body class="has-vote-bar' in voting
    voter.post(url("cast", town.poll), form(town))
    voted = voter.get(town.assembly.get_absolute_url()).content.decode()
    assert "vote-bar" not in voted
    assert primary_links(voted) == []


def test_after_the_vote_the_result_is_the_primary_link_and_the_decision_stands_on_the_page(client, town, now):
    _publish(town, now)
    page = client.get(town.assembly.get_absolute_url()).content.decode()
    assert primary_links(page) == [url("result", town.poll)]
    assert town.poll.options.first().item.title in re.search(r'class="poll-card__decision">([^<]+)<', page)[1]


# --- Steps ------------------------------------------------------------------------------------------------------------


def steps_of(page):
    line = re.search(r'<ol class="steps.*?</ol>', page, re.DOTALL)[0]
    return re.findall(r'<li class="is-(\w+)"', line)


def test_the_steps_of_the_assembly_say_where_it_stands(client, town, now):
    address = town.assembly.get_absolute_url()
    assert steps_of(client.get(address).content.decode()) == ["done", "now", "next", "next", "next"]
    _publish(town, now)
    assert steps_of(client.get(address).content.decode()) == ["done", "done", "now", "done", "done"]


def test_the_steps_of_the_ballot_lead_to_the_receipt(voter, town):
    sent = form(town)
    assert steps_of(voter.get(url("ballot", town.poll)).content.decode()) == ["now", "next", "next"]
    assert steps_of(voter.post(url("check", town.poll), sent).content.decode()) == ["done", "now", "next"]
    assert steps_of(voter.post(url("cast", town.poll), sent, follow=True).content.decode()) == ["done", "done", "now"]


# --- Voices -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["assembly", "ballot", "check", "compare", "result"])
def test_what_officials_entered_is_marked_as_korean_on_english_pages(voter, town, now, page):
    item = town.poll.options.first().item
    if page == "check":
        html = voter.post(f"/en{url('check', town.poll)}", form(town)).content.decode()
    elif page == "compare":
        html = voter.get(f"/en/assemblies/{town.assembly.pk}/compare/", {"item": [1, 2]}).content.decode()
    else:
        if page == "result":
            _publish(town, now)
        address = town.assembly.get_absolute_url() if page == "assembly" else url(page, town.poll)
        html = voter.get(f"/en{address}").content.decode()
    main = html.split("<main")[1].split("</main>")[0]
    assert item.title in main
    assert not unmarked_hangul(main)


def unmarked_hangul(html):
    """Texts with Hangul that no element around them marks as Korean; attributes cannot be marked and do not count."""
    from html.parser import HTMLParser

    class Finder(HTMLParser):
        def __init__(self):
            super().__init__()
            self.open, self.found = [], []

        def handle_starttag(self, tag, attrs):
            if tag not in {"input", "br", "rect", "path", "circle", "line"}:
                self.open.append((tag, dict(attrs).get("lang")))

        def handle_endtag(self, tag):
            while self.open and self.open.pop()[0] != tag:
                pass

        def handle_data(self, data):
            if re.search("[가-힣]", data) and "ko" not in {lang for _tag, lang in self.open}:
                self.found.append(data.strip())

    finder = Finder()
    finder.feed(f"<main{html}")
    return finder.found


# --- Results ----------------------------------------------------------------------------------------------------------


def _publish(town, now):
    for number, choices in enumerate(([0, 1], [0], [2])):
        cast_ballot(
            poll_id=town.poll.pk,
            voter=town.voters[number],
            choices=[town.options()[index] for index in choices],
            submission=uuid.uuid4(),
            at=now,
        )
    close_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    count_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    publish_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)


def test_before_publication_there_is_turnout_and_no_vote(client, town, now):
    cast_ballot(
        poll_id=town.poll.pk,
        voter=town.voters[0],
        choices=town.options()[:1],
        submission=uuid.uuid4(),
        at=now,
    )
    page = client.get(url("result", town.poll))
    assert page.status_code == 200
    assert "<table" not in page.content.decode()
    assert "1명" in text_of(page)
    assert client.get(url("result_csv", town.poll)).status_code == 404


def test_a_counted_result_is_not_public_before_it_is_published(client, town, now):
    close_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    count_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    assert "<table" not in client.get(url("result", town.poll)).content.decode()
    assert client.get(url("result_csv", town.poll)).status_code == 404


def test_a_published_result_ranks_the_items(client, town, now):
    _publish(town, now)
    page = client.get(url("result", town.poll)).content.decode()
    rows = re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a></th>\s*<td class="number"[^>]*>(\d+)표', page)
    titles = [option.item.title for option in town.poll.options.order_by("position")]
    assert rows == [(titles[0], "2"), (titles[1], "1"), (titles[2], "1")]
    assert "66.7" in page


def test_who_decides_is_marked_by_sign_and_word(client, db, now):
    town = make_town(adopted_count=2)
    _publish(town, now)
    page = client.get(url("result", town.poll)).content.decode()
    signs = re.findall(r'aria-hidden="true">(.)</span> ([^<]+)</p>', page)
    assert signs == [
        ("✓", gettext("adopted")),
        ("?", gettext("tied at the limit: the assembly decides")),
        ("?", gettext("tied at the limit: the assembly decides")),
    ]


def test_a_vote_that_only_ranks_shows_no_verdict(client, town, now):
    _publish(town, now)
    assert "verdict" not in client.get(url("result", town.poll)).content.decode()


def test_items_for_and_against_stand_in_the_order_of_the_agenda_without_a_rank(answers, client, now):
    first, second = answers.options()
    choices = {str(first): "against", str(second): "for"}
    cast_ballot(poll_id=answers.poll.pk, voter=answers.voters[0], choices=choices, submission=uuid.uuid4(), at=now)
    close_poll(poll_id=answers.poll.pk, actor=answers.official, at=answers.poll.closes_at)
    count_poll(poll_id=answers.poll.pk, actor=answers.official, at=answers.poll.closes_at)
    publish_poll(poll_id=answers.poll.pk, actor=answers.official, at=answers.poll.closes_at)
    page = client.get(url("result", answers.poll)).content.decode()
    titles = [option.item.title for option in answers.poll.options.order_by("position")]
    assert re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', page) == titles
    assert "results__rank" not in page


def test_the_line_in_the_bar_is_explained_in_words(client, town, now):
    page = client.get(url("result", town.poll)).content.decode()
    assert 'class="bar__mark"' in page
    assert gettext("The upright line is the quorum: %(required)s.") % {"required": "1명"} in page


def test_a_halted_poll_says_neither_reached_nor_missed(client, town, now):
    halt_poll(poll_id=town.poll.pk, reason="시험", actor=town.official, at=now)
    page = client.get(url("result", town.poll)).content.decode()
    assert gettext("quorum not reached") not in page
    assert gettext("The poll was halted, so it decides nothing, however many took part.") in page


def test_everybody_can_do_the_sums_again(client, town, now):
    _publish(town, now)
    page = client.get(url("result", town.poll)).content.decode()
    assert page.count('class="sums__right"') == 2
    # Three ballots with two choices at most; the votes are 2, 1 and 1.
    values = {"total": "4", "valid": "3", "max": "2", "most": "6"}
    said = "All items together have %(total)s votes; %(valid)s valid ballots with up to %(max)s choices allow %(most)s."
    assert gettext(said) % values in page


def test_a_sum_that_is_wrong_is_said_to_be_wrong(client, town, now):
    _publish(town, now)
    OptionResult.objects.filter(rank=1).update(votes=40)
    assert 'class="sums__wrong"' in client.get(url("result", town.poll)).content.decode()


def test_a_tie_at_the_limit_stands_in_the_decision(client, db, now):
    town = make_town(adopted_count=2)
    _publish(town, now)
    titles = [option.item.title for option in town.poll.options.order_by("position")]
    said = re.search(r'class="lead decision">([^<]+)<', client.get(url("result", town.poll)).content.decode())[1]
    assert said == f"채택된 의제 1개: “{titles[0]}” (동률이어서 총회에서 정할 의제: “{titles[1]}”, “{titles[2]}”)"


def test_the_table_for_excel_has_a_mark_and_a_row_for_each_item(client, town, now):
    _publish(town, now)
    response = client.get(url("result_csv", town.poll))
    assert response.content.startswith(b"\xef\xbb\xbf")
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 1 + 3
    assert lines[1].startswith("1,1,의제")


def test_a_title_is_no_formula_in_the_table_and_no_markup_on_the_page(client, db, now):
    town = make_town()
    item = town.poll.options.first().item
    type(item).objects.filter(pk=item.pk).update(title="=HYPERLINK(1)<script>alert(1)</script>")
    _publish(town, now)
    assert ",'=HYPERLINK(1)<script>" in client.get(url("result_csv", town.poll)).content.decode()
    for page in (url("result", town.poll), town.assembly.get_absolute_url()):
        assert "<script>alert" not in client.get(page).content.decode()


def test_where_an_item_came_from_is_told_once_it_is_public(client, town, now):
    school = AssemblyFactory(dong=town.assembly.dong, rule_set=town.assembly.rule_set, title="비밀 학교 총회")
    town.assembly.agenda.filter(number=1).update(origin=AgendaItemFactory(assembly=school))
    address = reverse("assemblies:assembly", args=[town.assembly.pk])
    assert school.title not in client.get(address).content.decode()

    announce_assembly(assembly_id=school.pk, actor=town.official, at=timezone.now())
    assert school.title in client.get(address).content.decode()


def test_drafts_are_seen_by_the_officials_of_the_dong_and_by_nobody_else(client, db, now):
    town = make_town(upto="draft")
    addresses = [town.assembly.get_absolute_url(), url("result", town.poll)]
    for person, seen in [
        (None, False),
        (town.voters[0], False),
        (official(Role.DONG_OFFICIAL, DongFactory()), False),
        (official(Role.DISTRICT_OFFICIAL, DongFactory().parent), False),
        (town.official, True),
        (official(Role.DISTRICT_OFFICIAL, town.assembly.dong.parent), True),
        (official(Role.COUNCIL_OFFICER, town.assembly.dong), True),
    ]:
        client.logout() if person is None else client.force_login(person)
        statuses = [client.get(address).status_code for address in addresses]
        assert statuses == ([200, 200] if seen else [404, 404])


# --- Queries ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("items", [1, 30])
@pytest.mark.parametrize(
    ("page", "signed_in", "queries"),
    [
        ("assembly", False, 6),
        ("assembly", True, 11),
        ("ballot", True, 6),
        ("result", False, 5),
    ],
)
def test_the_number_of_queries_does_not_grow_with_the_agenda(
    client, db, now, django_assert_num_queries, items, page, signed_in, queries
):
    town = make_town(items=items, kind=PollKind.FOR_AGAINST, max_choices=None)
    if page == "result":
        close_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
        count_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
        publish_poll(poll_id=town.poll.pk, actor=town.official, at=town.poll.closes_at)
    if signed_in:
        client.force_login(town.voters[0])
    address = town.assembly.get_absolute_url() if page == "assembly" else url(page, town.poll)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("assemblies", [1, 200])
def test_the_list_of_assemblies_has_a_fixed_number_of_queries(client, db, django_assert_num_queries, assemblies):
    from tests.factories import NOON, AssemblyFactory, RuleSetFactory

    dong = DongFactory()
    rule_set = RuleSetFactory(region=dong.parent)
    AssemblyFactory.create_batch(assemblies, dong=dong, rule_set=rule_set, status="announced", announced_at=NOON)
    with django_assert_num_queries(4):  # newest audit entry, count, assemblies, their polls
        assert client.get(reverse("assemblies:list")).status_code == 200


def test_the_vote_works_in_english_too(voter, town):
    english = f"/en{url('check', town.poll)}"
    page = voter.get("/en" + url("ballot", town.poll)).content.decode()
    assert 'lang="en"' in page
    assert english in page


def test_voting_opens_and_closes_by_the_clock(db, monkeypatch):
    from assemblies.tasks import move_due_polls

    town = make_town(upto="scheduled")
    seen = []
    for moment in (
        town.poll.opens_at - timedelta(seconds=1),
        town.poll.opens_at,
        town.poll.closes_at - timedelta(seconds=1),
        town.poll.closes_at,
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        move_due_polls()
        town.poll.refresh_from_db()
        seen.append(town.poll.status)
    assert seen == ["scheduled", "open", "open", "closed"]
