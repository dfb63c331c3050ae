"""The desk's first page: what waits, by when, for whom; nothing of other regions."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone, translation

from core.audit.models import AccessReview, AuditSeal
from core.audit.sealing import newest_links_hold, seal_pending
from core.audit.services import record
from residents.audit_reviews import state_of_the_chain, waiting_reviews
from residents.desk import Waiting
from residents.desk.shelves import Shelf, shelves_of
from residents.desk.waiting import Urgency, by_urgency, end_of_day, urgency_of
from residents.states import Role
from residents.templatetags.desk import icons_in_words, labelled_cells
from residents.waiting import residences_to_check, roles_to_look_after
from tests.factories import DongFactory, MunicipalityFactory, RoleFactory, official
from tests.residents.town import residence

pytestmark = [pytest.mark.django_db]

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 22, 13, 0, tzinfo=SEOUL)


@pytest.fixture(autouse=True)
def one_factor(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


def desk_of(user):
    client = Client()
    client.force_login(user, backend="residents.backends.EmailBackend")
    return client


# --- Urgency ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [
        (datetime(2026, 11, 20, 0, 0, tzinfo=SEOUL), Urgency.NOW),
        (datetime(2026, 11, 22, 18, 0, tzinfo=SEOUL), Urgency.NOW),
        (datetime(2026, 11, 23, 0, 0, tzinfo=SEOUL), Urgency.NOW),
        (datetime(2026, 11, 23, 9, 0, tzinfo=SEOUL), Urgency.THIS_WEEK),
        (datetime(2026, 11, 30, 0, 0, tzinfo=SEOUL), Urgency.THIS_WEEK),
        (datetime(2026, 11, 30, 9, 0, tzinfo=SEOUL), Urgency.TO_LOOK_AT),
    ],
    ids=["past", "today", "midnight belongs to today", "tomorrow", "seven days", "eight days"],
)
def test_urgency_follows_the_day_of_the_deadline(deadline, expected):
    assert urgency_of(deadline, NOW) == expected


def test_a_day_ends_at_the_next_local_midnight():
    assert end_of_day(NOW) == datetime(2026, 11, 23, tzinfo=SEOUL)


def test_lines_stand_in_groups_without_empty_ones():
    lines = [Waiting("b", 1, "/b/"), Waiting("a", 1, "/a/", urgency=Urgency.NOW)]
    assert [(urgency, [one.label for one in group]) for urgency, group in by_urgency(lines)] == [
        (Urgency.NOW, ["a"]),
        (Urgency.TO_LOOK_AT, ["b"]),
    ]


# --- People -----------------------------------------------------------------------------------------------------------


def test_one_declaration_leads_to_its_page_and_two_to_the_list():
    dong = DongFactory()
    user = official(Role.DONG_OFFICIAL, dong)
    first = residence(dong, "declared")
    assert residences_to_check(user)[0].url.endswith(f"/residence/{first.pk}/change/")
    residence(dong, "declared", birth_date=date(1970, 1, 2))
    waiting = residences_to_check(user)[0]
    assert (waiting.count, waiting.of_people) == (2, True)
    assert waiting.url.endswith("/residence/")


def test_a_long_wait_is_urgent():
    dong = DongFactory()
    row = residence(dong, "declared")
    user = official(Role.DONG_OFFICIAL, dong)
    type(row).objects.update(declared_at=timezone.now() - timedelta(days=6))
    assert residences_to_check(user)[0].urgency == Urgency.THIS_WEEK
    type(row).objects.update(declared_at=timezone.now() - timedelta(days=7))
    assert residences_to_check(user)[0].urgency == Urgency.NOW
    assert "7" in residences_to_check(user)[0].why


def test_children_wait_for_their_guardians_until_they_are_fourteen():
    """Personal Information Protection Act, article 22-2."""
    dong = DongFactory()
    user = official(Role.DONG_OFFICIAL, dong)
    today = timezone.localdate()
    youngest_who_consents = today.replace(year=today.year - 14, day=min(today.day, 28))
    child = residence(dong, "declared", birth_date=youngest_who_consents + timedelta(days=4))
    residence(dong, "declared", birth_date=youngest_who_consents)
    assert residences_to_check(user)[1].count == 1
    assert f"/{child.pk}/" in residences_to_check(user)[1].url


def test_people_who_look_alike_are_counted():
    dong = DongFactory()
    user = official(Role.DONG_OFFICIAL, dong)
    one, other = residence(dong, "verified"), residence(dong, "declared")
    type(one.user).objects.filter(pk__in=[one.user_id, other.user_id]).update(name="홍길동")
    alike = residences_to_check(user)[2]
    assert (alike.count, f"/{other.pk}/" in alike.url) == (1, True)


def test_another_dong_counts_nothing():
    residence(DongFactory(), "declared")
    assert [one.count for one in residences_to_check(official(Role.DONG_OFFICIAL, DongFactory()))] == [0, 0, 0]
    assert residences_to_check(official(Role.COUNCIL_OFFICER, DongFactory())) == []


# --- Roles ------------------------------------------------------------------------------------------------------------


def test_roles_that_end_soon_wait_for_those_who_grant_them():
    dong = DongFactory()
    today = timezone.localdate()
    ending = RoleFactory(role=Role.DONG_OFFICIAL, region=dong, until=today + timedelta(days=30))
    RoleFactory(role=Role.DONG_OFFICIAL, region=dong, until=today + timedelta(days=31))
    RoleFactory(role=Role.AUDITOR, region=dong.parent, until=today + timedelta(days=3))
    district = official(Role.DISTRICT_OFFICIAL, dong.parent)
    assert roles_to_look_after(district)[0].count == 1
    assert f"/{ending.pk}/" in roles_to_look_after(district)[0].url
    assert roles_to_look_after(official(Role.OPERATOR))[0].count == 2
    assert roles_to_look_after(official(Role.DISTRICT_OFFICIAL, DongFactory().parent))[0].count == 0
    assert roles_to_look_after(official(Role.DONG_OFFICIAL, dong)) == []


def test_officials_without_a_second_factor_are_named_only_where_it_is_needed(settings):
    operator = official(Role.OPERATOR)
    assert len(roles_to_look_after(operator)) == 1
    settings.OFFICIALS_NEED_SECOND_FACTOR = True
    assert roles_to_look_after(operator)[1].count == 1
    TOTP.activate(operator, generate_totp_secret())
    assert roles_to_look_after(operator)[1].count == 0
    without = RoleFactory(role=Role.DONG_OFFICIAL, region=DongFactory())
    RoleFactory(user=without.user, role=Role.COUNCIL_OFFICER, region=without.region)
    assert roles_to_look_after(operator)[1].count == 1, "one person, however many roles"


def shown(user, url):
    """The rows of the list to which an entry of the first page leads."""
    return {row.pk for row in desk_of(user).get(url).context["cl"].result_list}


def test_an_entry_about_some_rows_leads_to_exactly_those(settings):
    dong = DongFactory()
    user = official(Role.DONG_OFFICIAL, dong)
    child = date.today().replace(day=1) - timedelta(days=365 * 10)  # noqa: DTZ011 - any day ten years ago
    children = {residence(dong, "declared", birth_date=child - timedelta(days=n)).pk for n in range(2)}
    twins = {residence(dong, "declared", birth_date=date(1950 + n // 2, 5, 5)) for n in range(4)}
    names = dict(zip(sorted(row.user_id for row in twins), ("홍길동", "홍길동", "김철수", "김철수"), strict=True))
    for pk, name in names.items():
        type(user).objects.filter(pk=pk).update(name=name)
    residence(dong, "declared", birth_date=date(1980, 2, 3))

    _declared, of_children, alike = residences_to_check(user)

    assert shown(user, of_children.url) == children
    assert (alike.count, shown(user, alike.url)) == (4, {row.pk for row in twins})


def test_entries_about_roles_lead_to_exactly_those(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = True
    dong = DongFactory()
    today = timezone.localdate()
    district = official(Role.DISTRICT_OFFICIAL, dong.parent)
    ending = {RoleFactory(role=Role.DONG_OFFICIAL, region=dong, until=today + timedelta(days=n)).pk for n in (3, 30)}
    lasting = RoleFactory(role=Role.DONG_OFFICIAL, region=dong)
    ready = RoleFactory(role=Role.COUNCIL_OFFICER, region=dong)
    TOTP.activate(ready.user, generate_totp_secret())

    of_ending, without = roles_to_look_after(district)
    settings.OFFICIALS_NEED_SECOND_FACTOR = False

    assert shown(district, of_ending.url) == ending
    assert shown(district, without.url) == ending | {lasting.pk}


# --- Logs -------------------------------------------------------------------------------------------------------------


def entry(days_old=0):
    at = timezone.now() - timedelta(days=days_old)
    with transaction.atomic():
        return record(actor=None, action="audit.access_log_reviewed", target=AccessReview, at=at)


@pytest.mark.django_db(transaction=True)
def test_a_stopped_sealer_is_reported_after_an_hour():
    auditor = official(Role.AUDITOR, DongFactory().parent)
    seal_pending(at=timezone.now())
    entry()
    assert [one.count for one in state_of_the_chain(auditor)] == [0, 0]
    entry(days_old=1)
    assert [one.count for one in state_of_the_chain(auditor)] == [0, 1]
    assert state_of_the_chain(official(Role.DONG_OFFICIAL, DongFactory())) == []


@pytest.mark.django_db(transaction=True)
def test_a_changed_entry_breaks_the_newest_links():
    for _number in range(3):
        entry()
    seal_pending(at=timezone.now())
    assert newest_links_hold()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
        newest = AuditSeal.objects.order_by("-position").first().entry_id
        cursor.execute("UPDATE audit_auditentry SET target_id = 'other' WHERE id = %s", [newest])
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE audit_auditentry ENABLE TRIGGER USER")
    assert not newest_links_hold()
    broken = state_of_the_chain(official(Role.OPERATOR))[0]
    assert (broken.count, broken.urgency, broken.is_state) == (1, Urgency.NOW, True)


def test_the_review_of_the_access_log_is_due_at_the_end_of_the_month():
    (review,) = waiting_reviews(official(Role.AUDITOR, DongFactory().parent))
    last = timezone.localtime(review.deadline - timedelta(seconds=1)).date()
    assert (last.month, (last + timedelta(days=1)).day) == (timezone.localdate().month, 1)


# --- The page ---------------------------------------------------------------------------------------------------------


def test_whom_nothing_waits_for_reads_so():
    page = desk_of(official(Role.CLUB_SECRETARIAT)).get("/en/admin/").content.decode()
    assert "Nothing waits for you now." in page
    assert 'id="running"' not in page


def test_the_page_names_role_place_and_end_of_the_role():
    until = timezone.localdate() + timedelta(days=9)
    role = RoleFactory(role=Role.DONG_OFFICIAL, region=DongFactory(name="금호1동"), until=until)
    page = desk_of(role.user).get("/en/admin/").content.decode()
    assert role.region.name in page
    assert str(until.year) in page.split("desk-greeting__roles")[1].split("</ul>")[0]


def test_lists_stand_on_their_shelves_only_for_those_who_may_open_them():
    page = desk_of(official(Role.COUNCIL_OFFICER, DongFactory())).get("/en/admin/").content.decode()
    lists = page.split('id="lists"')[1]
    assert "model-assembly" in lists
    assert "model-residence" not in lists
    assert "model-auditentry" not in lists


def test_every_list_of_the_desk_has_its_shelf_and_says_what_it_is_for():
    page = desk_of(official(Role.OPERATOR)).get("/en/admin/")
    shelves = page.context["desk_shelves"]
    assert str(Shelf.OTHER.label) not in {shelf.name for shelf in shelves}
    assert all(one.about for shelf in shelves for one in shelf.lists)
    assert shelves_of([]) == []


def pages_of(role):
    """Names of the addresses of the pages, beside the lists, that stand in the menu of this role."""
    user = official(role, None if role in {Role.OPERATOR, Role.CLUB_SECRETARIAT} else DongFactory())
    shelves = desk_of(user).get("/en/admin/").context["desk_shelves"]
    return {one.model for shelf in shelves for one in shelf.lists if not one.url.startswith("/en/admin/")}


def test_pages_that_officials_work_with_stand_in_the_menu_of_those_who_may_open_them():
    assert pages_of(Role.CLUB_SECRETARIAT) == {"imports-index", "reports-documents", "reports-letter"}
    assert pages_of(Role.AUDITOR) == {"reports-documents"}


def test_every_page_in_the_menu_opens():
    secretariat = desk_of(official(Role.CLUB_SECRETARIAT))
    shelves = secretariat.get("/en/admin/").context["desk_shelves"]
    assert {secretariat.get(one.url).status_code for shelf in shelves for one in shelf.lists} == {200}


@pytest.mark.parametrize(("role", "is_offered"), [(Role.CLUB_SECRETARIAT, True), (Role.DISTRICT_OFFICIAL, False)])
def test_terms_of_office_come_from_a_table_where_one_may_import_them(role, is_offered):
    desk = desk_of(official(role, None if role == Role.CLUB_SECRETARIAT else MunicipalityFactory()))
    answer = desk.get("/en/admin/residents/officeterm/")
    assert ("/en/imports/new/residents.office-terms/" in answer.content.decode()) is is_offered


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_cells_name_their_column_escaped_and_say_yes_and_no():
    icon = '<td class="field-inferred"><img src="/static/admin/img/icon-no.svg" alt="False"></td>'
    headers = [{"text": 'a "b" <c>', "class_attrib": ""}, {"text": "inferred", "class_attrib": ""}]
    with translation.override("en"):
        cells = labelled_cells(['<th class="field-x"><a href="/x/">X</a></th>', icon], headers)
    assert cells == (
        '<th role="rowheader" data-label="A &quot;b&quot; &lt;c&gt;" class="field-x"><a href="/x/">X</a></th>'
        '<td role="cell" data-label="Inferred" class="field-inferred">No</td>'
    )


def test_a_row_that_does_not_fit_its_head_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        labelled_cells(["<td>1</td>"], [{"text": "a"}, {"text": "b"}])


def test_what_a_form_only_shows_is_escaped():
    assert icons_in_words("<script>") == "&lt;script&gt;"
