"""The pages officials use every day, drawn on a desktop, a tablet and a phone: axe, widths, targets, one hand."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assemblies.models import Assembly, Poll
from assemblies.states import AssemblyStatus, PollStatus
from councils.models import Recruitment
from councils.states import RecruitmentStatus
from residents.models import Residence
from residents.states import ResidenceStatus, Role
from tests.browser.inspection import DESKTOP, PHONE, axe_violations, inspect, sideways, small_targets
from tests.browser.people import somebody
from tests.browser.words import ko

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("transactional_db", "without_second_factor")]

TABLET = (768, 1024)
SIZES = {"desktop": DESKTOP, "tablet": TABLET, "phone": PHONE}


@pytest.fixture(scope="module")
def transactional_db(demo_town):
    """The demo town stays in the database from the first test of this module to the last."""


def page_of(name, thing):
    return reverse(f"admin:{name}", args=[thing.pk])


def daily_pages():
    """Role → the pages that it works on every day, of things in the states that show most."""
    waits = Residence.objects.filter(status=ResidenceStatus.DECLARED).order_by("pk").first()
    drafted = Assembly.objects.filter(status=AssemblyStatus.PREPARING).first()
    announced = Assembly.objects.filter(polls__status=PollStatus.OPEN).first()
    polls = {poll.status: poll for poll in Poll.objects.order_by("-pk")}
    recruitments = {one.status: one for one in Recruitment.objects.order_by("opens_at")}
    opened, prepared = recruitments[RecruitmentStatus.ANNOUNCED], recruitments[RecruitmentStatus.PREPARING]
    lists = [
        "residents_residence", "residents_roleassignment", "assemblies_assembly", "assemblies_poll",
        "assemblies_agendaitem", "assemblies_rollentry", "councils_council", "councils_recruitment",
        "councils_application", "councils_draw", "councils_customarydraw", "councils_member",
        "councils_educationfigure", "ordinances_ruleset", "audit_auditentry",
    ]  # fmt: skip
    return {
        Role.DISTRICT_OFFICIAL: [
            reverse("admin:index"),
            *(reverse(f"admin:{name}_changelist") for name in lists),
            reverse("admin:residents_residence_changelist") + "?status=refused",
            reverse("admin:residents_residence_find"),
            *(page_of(f"residents_residence_{act}", waits) for act in ("change", "verify", "refuse", "history")),
            reverse("admin:assemblies_assembly_add"),
            page_of("assemblies_assembly_change", drafted),
            page_of("assemblies_assembly_announce", drafted),
            page_of("assemblies_assembly_change", announced),
            page_of("assemblies_assembly_scan", announced),
            *(page_of("assemblies_poll_change", polls[state]) for state in (PollStatus.PREPARING, PollStatus.OPEN)),
            page_of("assemblies_poll_change", polls[PollStatus.COUNTED]),
            page_of("assemblies_poll_publish", polls[PollStatus.COUNTED]),
            *(page_of(f"councils_recruitment_{name}", opened) for name in ("change", "doctor", "relax", "committee")),
            page_of("councils_recruitment_quotas", prepared),
            page_of("councils_application_change", opened.applications.order_by("number").first()),
            page_of("ordinances_ruleset_change", announced.rule_set),
            reverse("admin:ordinances_ruleset_add"),
            reverse("admin:ordinances_ruleset_preset"),
            *(reverse(f"admin:ordinances_{name}_add") for name in ("ordinance", "ordinanceversion")),
            *(reverse(f"admin:ordinances_{name}_changelist") for name in ("ordinance", "ordinanceversion")),
            reverse("admin:audit_auditentry_verify"),
        ],
        Role.DONG_OFFICIAL: [reverse("admin:index")],
        Role.COUNCIL_OFFICER: [
            reverse("admin:index"),
            f"{reverse('admin:assemblies_agendaitem_add')}?assembly={drafted.pk}",
        ],
        Role.CLUB_SECRETARIAT: [reverse("admin:index"), reverse("admin:residents_officeterm_changelist")],
        Role.AUDITOR: [
            reverse("admin:index"),
            reverse("admin:audit_accessentry_changelist"),
            reverse("admin:audit_accessreview_add"),
        ],
        Role.OPERATOR: [
            reverse("admin:index"),
            reverse("admin:residents_user_changelist"),
            reverse("admin:residents_region_add"),
        ],
    }


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("role", list(Role), ids=[role.value for role in Role])
def test_daily_pages_are_sound(visit, role, size):
    """With every panel opened, so that filters and later steps are looked at too."""
    page = visit(somebody(role.value), SIZES[size])
    wrong = {}
    for address in daily_pages()[role]:
        assert page.goto(address).status == 200, address
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        faults = axe_violations(page) + sideways(page) + (small_targets(page) if size != "desktop" else [])
        if faults:
            wrong[address] = faults[:4]
    assert not wrong, wrong


@pytest.mark.parametrize("role", list(Role), ids=[role.value for role in Role])
def test_letters_twice_as_large_reach_over_no_edge_of_a_phone(visit, role):
    page = visit(somebody(role.value), PHONE)
    page.context.new_cdp_session(page).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    wrong = {}
    page.goto(reverse("admin:index"))
    lists = page.locator("#content-main a[href^='/admin/']").evaluate_all("all => all.map(a => a.pathname)")
    for address in dict.fromkeys([*daily_pages()[role], *lists]):
        assert page.goto(address).status == 200, address
        page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
        if faults := sideways(page):
            wrong[address] = faults
    assert not wrong, wrong


@pytest.mark.parametrize(
    "options",
    [{"color_scheme": "dark"}, {"forced_colors": "active"}, {"contrast": "more"}],
    ids=["dark", "forced colours", "more contrast"],
)
def test_other_colours_are_readable(visit, options):
    page = visit(somebody("district_official"), PHONE, **options)
    for address in daily_pages()[Role.DISTRICT_OFFICIAL][:6]:
        page.goto(address)
        assert not axe_violations(page), address


def test_the_chosen_colours_and_letters_hold_at_the_desk(visit):
    page = visit(somebody("dong_official"), PHONE)
    page.goto("/admin/")
    page.locator("summary", has_text=ko("Text size")).click()
    # Each choice is kept before the next is made: what is sent is added to what is kept.
    for value in ("contrast", "largest"):
        with page.expect_response("**/display/"):
            page.locator(f".display-form [value={value}]").click()
    expect(page.locator("html")).to_have_attribute("data-colours", "contrast")
    page.goto("/admin/residents/residence/")
    expect(page.locator("html")).to_have_attribute("data-text", "largest")
    assert not axe_violations(page)
    assert not sideways(page)


def test_the_first_page_is_sound_in_every_way(visit):
    page = visit(somebody("district_official"), PHONE)
    page.goto("/admin/")
    assert not inspect(page)


def test_the_menu_leads_everywhere_without_script(visit):
    page = visit(somebody("dong_official"), PHONE, java_script_enabled=False)
    page.goto("/admin/")
    menu = page.locator(".desk-menu")
    menu.locator("summary").first.click()
    menu.get_by_role("link", name=ko("residences").capitalize()).click()
    expect(page).to_have_url("/admin/residents/residence/")


def test_rows_are_cards_with_the_names_of_their_columns_on_a_phone(visit):
    page = visit(somebody("district_official"), PHONE)
    page.goto("/admin/residents/residence/")
    row = page.locator("#result_list tbody tr").first
    cell = row.locator("td.field-birth")
    assert ko("date of birth") in cell.evaluate("cell => getComputedStyle(cell, '::before').content")
    assert page.get_by_role("table").get_by_role("columnheader").count() >= 5
    assert row.get_by_role("rowheader").count() == 1


def test_the_buttons_of_a_long_form_stay_in_reach(visit):
    page = visit(somebody("district_official"), TABLET)
    page.goto("/admin/assemblies/assembly/add/")
    expect(page.locator("[name=_save]")).to_be_in_viewport()
