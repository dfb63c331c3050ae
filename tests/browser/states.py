"""The demo town with the states that it lacks, and every page × state that a resident can come upon."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from assemblies.models import AgendaItem, Assembly, Poll
from assemblies.queries import turnout_of
from assemblies.services import cancel_assembly, halt_poll
from assemblies.states import AssemblyStatus, PollKind, PollStatus
from councils.models import ConversionCall, Council, CustomaryDraw, Draw, Programme, Recruitment, Subcommittee
from councils.states import EnrolmentStatus
from demo.accounts import GEUMHO, PASSWORD
from demo.people import DOCUMENTS
from forums.models import Application, Forum
from ordinances.models import Ordinance, RuleSet
from residents.consents import ACCOUNT, RESIDENCE
from residents.models import Region, User
from residents.services import (
    declare_residence,
    end_residence,
    refuse_residence,
    register_person,
    verify_residence,
)
from residents.services.places import save_region
from residents.states import Basis, Sex
from tests.browser.engines import certificate_at, import_at, item_of, meeting_at, prepare_engines
from tests.browser.people import EMAIL, somebody
from tests.browser.steps import choose, fill_in_sign_in, press
from tests.browser.words import ko
from tests.ordinances.library import amended, enacted, make_ordinance

PUNGAM = "2914083000"  # its poll is scheduled
WITH_ARTICLES = "시험용 주민자치 조례 (가상)"


def complete_the_town() -> None:
    """An assembly that was called off, a poll that was halted, residents who moved away, were refused, are new."""
    now = timezone.now()
    prepare_engines()
    written = make_ordinance(Region.objects.get(code=GEUMHO).parent, title=WITH_ARTICLES)
    enacted(written)
    amended(written)
    official = User.objects.get(email=EMAIL["district_official"])
    dong = Region.objects.get(code=GEUMHO)
    poll = Poll.objects.get(status=PollStatus.SCHEDULED, assembly__dong__code=PUNGAM)
    halt_poll(poll_id=poll.pk, reason="의제 하나가 예산을 넘어 다시 정합니다.", actor=official, at=now)
    cancel_assembly(assembly_id=poll.assembly_id, reason="태풍으로 모일 수 없습니다.", actor=official, at=now)
    old, new = (Region.objects.get(code=empty_dong(number)) for number in (1, 2))
    old.valid_until = now.date()
    operator = User.objects.get(email=EMAIL["operator"])
    save_region(region=old, successors=[new], actor=operator, at=now)
    for number, name in enumerate(("moved", "refused", "new"), start=1):
        person = register_person(
            email=f"{name}@example.org",
            name=f"이름{number}",
            password=PASSWORD,
            birth_date=now.date().replace(year=1980, month=number, day=1),
            sex=Sex.FEMALE,
            mail_confirmed=True,
            consents=[ACCOUNT, RESIDENCE],
            at=now - timedelta(days=30),
        )
        if name == "new":
            continue
        residence = declare_residence(user_id=person.pk, dong_id=dong.pk, basis=Basis.REGISTERED, at=now)
        if name == "refused":
            refuse_residence(residence_id=residence.pk, reason="주소가 다른 동입니다.", actor=official, at=now)
        else:
            paper = DOCUMENTS[Basis.REGISTERED][0]
            verify_residence(residence_id=residence.pk, document=paper, actor=official, at=now)
            end_residence(residence_id=residence.pk, reason="다른 구로 이사했습니다.", actor=official, at=now)


def person(name: str) -> User | None:
    if name in {"moved", "refused", "new"}:
        return User.objects.get(email=f"{name}@example.org")
    return somebody(name)


def a_poll(status: str = PollStatus.OPEN, kind: str = PollKind.CHOOSE) -> Poll:
    return Poll.objects.filter(status=status, kind=kind).order_by("-pk")[0]


def assembly_of(status: str) -> Callable[[], str]:
    return lambda: f"/assemblies/{a_poll(status).assembly_id}/"


def result_of(status: str) -> Callable[[], str]:
    return lambda: f"/polls/{a_poll(status).pk}/result/"


def ballot(kind: str = PollKind.CHOOSE) -> str:
    return f"/polls/{a_poll(kind=kind).pk}/ballot/"


def quorum_missed() -> str:
    published = Poll.objects.filter(status=PollStatus.PUBLISHED).order_by("-pk")
    poll = next(poll for poll in published if turnout_of(poll).is_quorate is False)
    return f"/polls/{poll.pk}/result/"


def tie() -> str:
    poll = next(
        poll
        for poll in Poll.objects.filter(status=PollStatus.PUBLISHED).order_by("-pk")
        if (counts := list(poll.result.options.values_list("votes", flat=True))) and len(set(counts)) < len(counts)
    )
    return f"/polls/{poll.pk}/result/"


def titles(page: Page, most: int) -> list[str]:
    return list(AgendaItem.objects.filter(options__poll=a_poll()).values_list("title", flat=True)[:most])


def send_as_it_is(page: Page) -> None:
    """Send the main form as it stands; the browser's own questions are off, as in an old one."""
    page.evaluate("document.querySelectorAll('form').forEach((form) => { form.noValidate = true })")
    page.locator("main form[method=post]").last.locator("button[type=submit], button:not([type])").first.click()
    page.wait_for_load_state()


def sign_in_wrongly(page: Page) -> None:
    fill_in_sign_in(page, "nobody@example.org", "wrong-password-1")


def choose_too_many(page: Page) -> None:
    page.locator(".choice input").evaluate_all(
        "all => all.forEach((one) => { one.disabled = false; one.checked = true })"
    )
    page.locator(".choice input").first.evaluate("one => one.dispatchEvent(new Event('change', { bubbles: true }))")


def send_too_many(page: Page) -> None:
    choose_too_many(page)
    press(page, "Check my choice")


def choose_two(page: Page) -> None:
    choose(page, *titles(page, 2))


def check_two(page: Page) -> None:
    choose_two(page)
    press(page, "Check my choice")
    expect(page.get_by_role("heading", level=1)).to_have_text(ko("Is this your choice?"))


def check_answers(page: Page) -> None:
    for group in page.locator("main fieldset").all():
        group.locator(".choice label").first.click()
    press(page, "Check my choice")


def demo_ordinance() -> Ordinance:
    return Ordinance.objects.exclude(title=WITH_ARTICLES).get()


def ordinance_with_articles() -> Ordinance:
    return Ordinance.objects.get(title=WITH_ARTICLES)


def council_rules() -> RuleSet:
    """The rules that the demo's recruitments are opened under."""
    return RuleSet.objects.filter(rules__name="draw_notice_hours").latest("pk")


def recruitment_at(stage: str, page: str = "") -> Callable[[], str]:
    """A page of the demo's recruitment that stands at this stage, by the stage's name in its title."""
    return lambda: f"/recruitments/{Recruitment.objects.get(title__endswith=f'({stage})').pk}/{page}"


def draw_at(status: str, page: str = "") -> Callable[[], str]:
    return lambda: f"/draws/{Draw.objects.filter(status=status).latest('pk').pk}/{page}"


def registered_at() -> str:
    """The page of a council whose members are in the register."""
    return Council.objects.filter(terms__isnull=False).earliest("pk").get_absolute_url()


def full_programme() -> int:
    """A programme of a residents' centre with somebody on its waiting list."""
    return Programme.objects.filter(enrolments__status=EnrolmentStatus.WAITING).earliest("pk").pk


def subcommittee_at(act: str = "") -> Callable[[], str]:
    return lambda: f"/subcommittees/{Subcommittee.objects.earliest('pk').pk}/{act}"


@dataclass(frozen=True)
class State:
    """A page in one state: who sees it, where it is, and what is done there first."""

    name: str
    who: str
    at: str | Callable[[], str]
    act: Callable[[Page], None] | None = None
    status: int = 200

    def open(self, page: Page, prefix: str = "") -> None:
        page.goto(prefix + (self.at() if callable(self.at) else self.at))
        if self.act:
            self.act(page)


IMPORT = "/imports/new/residents.office-terms/"


def keep(status: str, act: str = "") -> Callable[[], str]:
    """The page on which a meeting in this state is kept, or one of its acts; `item` stands for its one item."""
    return lambda: f"{meeting_at(status)}keep/{act.replace('item', item_of(status)) if act.endswith('/item') else act}"


STATES = [
    State("home", "anonymous", "/"),
    State("home of a resident", "verified", "/"),
    State("home of an official", "dong_official", "/"),
    State("dong", "anonymous", f"/dongs/{GEUMHO}/"),
    State("own dong", "verified", f"/dongs/{GEUMHO}/"),
    State("a dong where nothing is yet", "anonymous", lambda: f"/dongs/{empty_dong()}/"),
    State("a dong of the past", "anonymous", lambda: f"/dongs/{past_dong()}/", status=410),
    State("dongs found", "anonymous", "/dongs/?q=금호"),
    State("no dong found", "anonymous", "/dongs/?q=없는동네"),
    State("public draws", "anonymous", "/draws/"),
    State("search", "anonymous", "/search/"),
    State("search with hits", "anonymous", "/search/?q=주차"),
    State("search without a hit", "anonymous", "/search/?q=우주정거장"),
    State("display", "anonymous", "/display/"),
    State("help", "anonymous", "/help/"),
    State("accessibility", "anonymous", "/accessibility/"),
    State("privacy", "anonymous", "/privacy/"),
    State("assemblies", "anonymous", "/assemblies/"),
    State("councils", "anonymous", "/councils/"),
    State("other bodies", "anonymous", "/councils/bodies/"),
    State("members of a council without a register", "anonymous", lambda: f"{council_at()}members/"),
    State("meetings of a council without any", "anonymous", lambda: f"{council_at()}meetings/"),
    State("recruitments of councils", "anonymous", "/recruitments/"),
    State("recruitment that takes applications", "anonymous", recruitment_at("접수 중")),
    State("recruitment whose council is appointed", "anonymous", recruitment_at("지난 모집")),
    State("recruitment whose council is drawn", "anonymous", recruitment_at("추첨 완료")),
    State("recruitment for who applied", "learner", recruitment_at("교육 중")),
    State("application for a council", "learner", recruitment_at("접수 중", "apply/")),
    State("application for a council sent empty", "verified", recruitment_at("접수 중", "apply/"), send_as_it_is, 400),
    State("recommendation by an organisation", "verified", recruitment_at("접수 중", "recommend/")),
    State("receipt of my application", "learner", recruitment_at("교육 중", "mine/receipt/")),
    State("my page of an applicant", "learner", "/me/"),
    State("my application, learning", "learner", recruitment_at("교육 중", "mine/")),
    State("my application, in the pool", "drawn_from", recruitment_at("명부 확정", "mine/")),
    State("my application to be withdrawn", "learner", recruitment_at("교육 중", "mine/withdraw/")),
    State("application at the counter", "recruiter", recruitment_at("접수 중", "counter/")),
    State("counter, sent empty", "recruiter", recruitment_at("접수 중", "counter/"), send_as_it_is, 400),
    State("courses of a recruitment", "recruiter", recruitment_at("교육 중", "courses/")),
    State("lottery to be frozen", "recruiter", recruitment_at("추첨 대상자 결정", "draw/")),
    State("draw waiting for its event, at the desk", "recruiter", recruitment_at("명부 확정", "draw/")),
    State("balls to be recorded", "recruiter", recruitment_at("공 추첨", "customary/")),
    State("draw waiting for its event", "drawn_from", draw_at("frozen")),
    State("draw that took place", "anonymous", draw_at("drawn")),
    State("freeze declared void", "anonymous", draw_at("voided")),
    State("draw to be verified", "anonymous", draw_at("drawn", "verify/")),
    State("seal of a draw to be opened", "anonymous", draw_at("drawn", "seal/")),
    State("draw by balls", "anonymous", lambda: f"/customary-draws/{CustomaryDraw.objects.get().pk}/"),
    State("finding an application for a council", "anonymous", "/applications/"),
    State("finding an application sent empty", "anonymous", "/applications/", send_as_it_is, 400),
    State("council with a register", "anonymous", registered_at),
    *(State(f"{page} of a council", "anonymous", lambda page=page: f"{registered_at()}{page}/")
      for page in ("members", "meetings", "work", "fund", "programmes")),
    State("programme whose places are taken", "anonymous", lambda: f"/programmes/{full_programme()}/"),
    State("waiting for a programme", "verified", lambda: f"/programmes/{full_programme()}/enrol/"),
    State("subcommittee", "anonymous", subcommittee_at()),
    State("joining a subcommittee", "verified", subcommittee_at("join/")),
    State("call for conversion", "anonymous", lambda: f"/councils/calls/{ConversionCall.objects.get().pk}/"),
    State("education in figures", "anonymous", "/councils/education/"),
    State("how councils spread", "anonymous", "/councils/rollout/"),
    State("work of a council without any", "anonymous", lambda: f"{council_at()}work/"),
    State("fund of a council without books", "anonymous", lambda: f"{council_at()}fund/"),
    State("programmes of a council without any", "anonymous", lambda: f"{council_at()}programmes/"),
    State("ordinances", "anonymous", "/ordinances/"),
    State("no ordinance found", "anonymous", "/ordinances/?q=없는조례"),
    State("ordinance whose articles are not known", "anonymous", lambda: demo_ordinance().get_absolute_url()),
    State("ordinance with articles", "anonymous", lambda: ordinance_with_articles().get_absolute_url()),
    State("ordinance with nothing to compare", "anonymous", lambda: f"{demo_ordinance().get_absolute_url()}compare/"),
    State("versions compared", "anonymous", lambda: f"{ordinance_with_articles().get_absolute_url()}compare/"),
    State("rules of councils", "anonymous", lambda: council_rules().get_absolute_url()),
    State("no such page", "anonymous", "/assemblies/999999/", status=404),
    *(State(f"assembly, poll {status}", "anonymous", assembly_of(status)) for status in (
        PollStatus.OPEN, PollStatus.CLOSED, PollStatus.COUNTED, PollStatus.PUBLISHED, PollStatus.OBJECTION,
        PollStatus.HALTED,
    )),
    State("assembly in preparation", "dong_official", lambda: f"/assemblies/{in_preparation()}/"),
    State("assembly for a resident who may vote", "verified", assembly_of(PollStatus.OPEN)),
    State("assembly for a resident who voted", "voted", assembly_of(PollStatus.OPEN)),
    State("assembly for a resident who waits", "waiting", assembly_of(PollStatus.OPEN)),
    State("assembly for a resident who moved", "moved", assembly_of(PollStatus.OPEN)),
    State("assembly for somebody new", "new", assembly_of(PollStatus.OPEN)),
    State("items compared", "anonymous", lambda: comparison(1, 3, 7)),
    State("one item compared", "anonymous", lambda: comparison(2), status=400),
    *(State(f"result, poll {status}", "anonymous", result_of(status)) for status in (
        PollStatus.OPEN, PollStatus.CLOSED, PollStatus.COUNTED, PollStatus.PUBLISHED, PollStatus.OBJECTION,
        PollStatus.HALTED,
    )),
    State("result without quorum", "anonymous", quorum_missed),
    State("result with a tie", "anonymous", tie),
    State("ballot", "verified", ballot),
    State("ballot with two chosen", "verified", ballot, choose_two),
    State("ballot with too many chosen", "verified", ballot, choose_too_many),
    State("ballot sent with too many", "verified", ballot, send_too_many, 422),
    State("ballot sent empty", "verified", ballot, send_as_it_is, 400),
    State("answers", "verified", lambda: ballot(PollKind.FOR_AGAINST)),
    State("answers sent empty", "verified", lambda: ballot(PollKind.FOR_AGAINST), send_as_it_is, 400),
    State("choice to be checked", "verified", ballot, check_two),
    State("answers to be checked", "verified", lambda: ballot(PollKind.FOR_AGAINST), check_answers),
    State("ballot of somebody who waits", "waiting", ballot, status=403),
    State("ballot of somebody who moved", "moved", ballot, status=403),
    State("ballot of somebody who voted", "voted", ballot),
    State("receipt", "voted", lambda: f"/polls/{a_poll().pk}/receipt/"),
    State("my page", "verified", "/me/"),
    State("my page after voting", "voted", "/me/"),
    State("my page, waiting", "waiting", "/me/"),
    State("my page, moved", "moved", "/me/"),
    State("my page, refused", "refused", "/me/"),
    State("my page, new", "new", "/me/"),
    State("my page of an official", "dong_official", "/me/"),
    State("residence, verified", "verified", "/me/residence/"),
    State("residence, waiting", "waiting", "/me/residence/"),
    State("residence, refused", "refused", "/me/residence/"),
    State("residence, new", "new", "/me/residence/"),
    State("residence sent empty", "new", "/me/residence/", send_as_it_is, 422),
    State("profile", "verified", "/me/profile/"),
    State("consents", "verified", "/me/consents/"),
    State("my data", "voted", "/me/data/"),
    State("erase my data", "verified", "/me/data/erase/"),
    State("erase sent empty", "verified", "/me/data/erase/", send_as_it_is, 422),
    State("mail address", "verified", "/accounts/email/"),
    State("password change", "verified", "/accounts/password/change/"),
    State("password change sent empty", "verified", "/accounts/password/change/", send_as_it_is, 422),
    State("sign in", "anonymous", "/accounts/login/"),
    State("sign in sent empty", "anonymous", "/accounts/login/", send_as_it_is, 422),
    State("sign in refused", "anonymous", "/accounts/login/", sign_in_wrongly, 422),
    State("sign up", "anonymous", "/accounts/signup/"),
    State("sign up sent empty", "anonymous", "/accounts/signup/", send_as_it_is, 422),
    State("forgotten password", "anonymous", "/accounts/password/reset/"),
    State("what can be imported", "club_secretariat", "/imports/"),
    State("import, a file is brought", "club_secretariat", IMPORT),
    State("import sent empty", "club_secretariat", IMPORT, send_as_it_is, 400),
    State("import, columns", "club_secretariat", lambda: import_at("uploaded")),
    State("import, preview", "club_secretariat", lambda: import_at("checked")),
    State("import, rows to be mended", "club_secretariat", lambda: f"{import_at('checked')}?kind=bad"),
    State("jobs", "club_secretariat", "/jobs/"),
    State("jobs, none", "verified", "/jobs/"),
    State("documents", "club_secretariat", "/documents/"),
    State("documents, one", "club_secretariat", "/documents/meeting-minutes/"),
    State("documents, one sent empty", "club_secretariat", "/documents/meeting-minutes/", send_as_it_is, 400),
    State("letter", "club_secretariat", "/letters/draft/"),
    State("letter sent empty", "club_secretariat", "/letters/draft/", send_as_it_is, 400),
    State("certificate to verify", "anonymous", "/verify/"),
    State("certificate to verify sent empty", "anonymous", "/verify/", send_as_it_is, 400),
    State("certificate, valid", "anonymous", lambda: certificate_at("issued")),
    State("certificate, withdrawn", "anonymous", lambda: certificate_at("withdrawn")),
    State("certificate, unknown", "anonymous", "/verify/3A4C-D6EF-7GHJ/", status=404),
    State("notices that I get", "verified", "/me/notices/"),
    State("meetings", "club_secretariat", "/meetings/"),
    State("meetings, none", "verified", "/meetings/"),
    State("meeting to be made", "club_secretariat", "/meetings/new/"),
    State("meeting to be made sent empty", "club_secretariat", "/meetings/new/", send_as_it_is, 400),
    *(State(f"meeting kept, {status}", "club_secretariat", keep(status)) for status in ("draft", "called", "open")),
    State("meeting", "club_secretariat", lambda: meeting_at("open")),
    State("meeting, item to be added", "club_secretariat", keep("open", "add-item/")),
    State("meeting to be opened", "club_secretariat", keep("called", "open/")),
    State("meeting, vote", "club_secretariat", keep("open", "resolution/item")),
    State("meeting, vote sent empty", "club_secretariat", keep("open", "resolution/item"), send_as_it_is, 400),
    State("meeting, election", "club_secretariat", keep("open", "election/item")),
    State("meeting, desk at the door", "club_secretariat", lambda: f"{meeting_at('called')}check-in/"),
    State("meeting, poster", "club_secretariat", lambda: f"{meeting_at('called')}poster/"),
    State("meeting, arrival", "anonymous", lambda: f"{meeting_at('called')}arrive/"),
    State("meeting, arrival sent empty", "anonymous", lambda: f"{meeting_at('called')}arrive/", send_as_it_is, 400),
    # --- the club ---
    State("club", "anonymous", "/club/"),
    State("club for the secretariat", "club_secretariat", "/club/"),
    State("officers of the club", "anonymous", "/club/officers/"),
    State("officers of the past", "anonymous", "/club/officers/?on=2013-01-01"),
    State("bylaws", "anonymous", "/club/bylaws/"),
    State("bylaws, an earlier version", "anonymous", "/club/bylaws/1/"),
    State("bylaws compared", "anonymous", "/club/bylaws/compare/"),
    State("bylaws and how they are kept", "anonymous", "/club/bylaws/state/"),
    State("bylaws before there were any", "anonymous", "/club/bylaws/state/?on=2010-01-01"),
    State("dues for the secretariat", "club_secretariat", "/club/dues/"),
    State("dues of a member", "member", "/club/dues/"),
    State("dues for a stranger", "verified", "/club/dues/", status=403),
    State("forums of the club", "anonymous", "/club/forums/"),
    State("programme", "anonymous", lambda: f"/club/forums/{a_forum('published')}/"),
    State("programme of a forum held", "anonymous", lambda: f"/club/forums/{a_forum('held')}/"),
    State("versions of a programme", "anonymous", lambda: f"/club/forums/{a_forum('published')}/versions/"),
    State("joining the club", "anonymous", "/club/join/"),
    State("joining the club sent empty", "anonymous", "/club/join/", send_as_it_is, 400),
    State("application received", "anonymous", lambda: application("submitted")),
    State("application to be completed", "anonymous", lambda: application("supplement")),
    State("directory of the club", "member", "/club/directory/"),
    State("directory without a hit", "club_secretariat", "/club/directory/?q=없는이름"),
    State("directory for a stranger", "verified", "/club/directory/", status=403),
]  # fmt: skip
BY_NAME = {state.name: state for state in STATES}
# A sample for every other way of looking: what people decide on, forms, charts, notices.
SAMPLE = [
    "home of a resident", "own dong", "search with hits", "assembly for a resident who may vote",
    "result with a tie", "ballot with two chosen", "answers", "choice to be checked", "receipt", "my page",
    "sign up sent empty", "no such page",
]  # fmt: skip


def empty_dong(place: int = 0) -> str:
    """The code of a dong where nothing was ever held."""
    busy = Assembly.objects.values("dong")
    return Region.objects.filter(level="dong", valid_until=None).exclude(pk__in=busy).order_by("-code")[place].code


def comparison(*numbers: int) -> str:
    """Items of the open assembly side by side."""
    asked = "&".join(f"item={number}" for number in numbers)
    return f"/assemblies/{a_poll().assembly_id}/compare/?{asked}"


def a_forum(status: str) -> int:
    return Forum.objects.filter(status=status).exclude(versions=None).order_by("pk")[0].pk


def application(status: str) -> str:
    """The page of an applicant, by its key."""
    return f"/club/join/{Application.objects.filter(status=status)[0].key}/"


def past_dong() -> str:
    return Region.objects.filter(level="dong", valid_until__isnull=False).order_by("code")[0].code


def council_at() -> str:
    """The page of a council whose members are not in the register."""
    return Council.objects.filter(terms__isnull=True).earliest("pk").get_absolute_url()


def in_preparation() -> int:
    return Assembly.objects.get(status=AssemblyStatus.PREPARING, dong__code=GEUMHO).pk
