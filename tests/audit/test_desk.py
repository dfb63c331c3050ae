"""The logs on the desk: who reads what, verification, monthly review."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.audit import sealing
from core.audit.models import AccessAct, AccessReview
from core.audit.services import log_access, record
from residents.audit_reviews import months_to_review, waiting_reviews
from residents.states import Role
from tests.factories import NOON, DongFactory, MunicipalityFactory, UserFactory, official

pytestmark = pytest.mark.django_db

AUDIT_LIST = "admin:audit_auditentry_changelist"
ACCESS_LIST = "admin:audit_accessentry_changelist"
REVIEW_ADD = "admin:audit_accessreview_add"
VERIFY = "admin:audit_auditentry_verify"


@pytest.fixture(autouse=True)
def _demo_door(settings):
    settings.OFFICIALS_NEED_SECOND_FACTOR = False


@pytest.fixture
def here():
    return MunicipalityFactory()


@pytest.fixture
def elsewhere():
    return MunicipalityFactory()


def of(role, region):
    return official(role, None if role in {Role.OPERATOR, Role.CLUB_SECRETARIAT} else region)


def entry_in(scope, actor=None):
    return record(actor=actor, action="audit.access_log_reviewed", target=DongFactory(), scope=scope, at=NOON)


def access_in(scope, account=None):
    return log_access(account=account or UserFactory(), act=AccessAct.READ, what="residence", at=NOON, scope=scope)


def shown(response):
    return {row.pk for row in response.context["cl"].result_list}


@pytest.mark.parametrize("role", [Role.DISTRICT_OFFICIAL, Role.AUDITOR])
def test_entries_of_ones_own_region_only(client, here, elsewhere, role):
    own = entry_in(DongFactory(parent=here).path)
    foreign, of_the_site = entry_in(elsewhere.path), entry_in("")
    client.force_login(of(role, here))

    assert shown(client.get(reverse(AUDIT_LIST))) == {own.pk}
    for hidden in (foreign, of_the_site):
        assert client.get(reverse("admin:audit_auditentry_change", args=[hidden.pk])).status_code == 404


def test_the_operator_reads_all_entries(client, here):
    entries = {entry_in(here.path).pk, entry_in("").pk}
    client.force_login(of(Role.OPERATOR, None))

    assert shown(client.get(reverse(AUDIT_LIST))) == entries


@pytest.mark.parametrize("role", [Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER, Role.CLUB_SECRETARIAT])
@pytest.mark.parametrize("page", [AUDIT_LIST, ACCESS_LIST, REVIEW_ADD, VERIFY])
def test_other_roles_find_nothing(client, role, page):
    client.force_login(of(role, DongFactory()))

    assert client.get(reverse(page)).status_code == 404


def test_the_district_official_does_not_read_the_access_log(client, here):
    client.force_login(of(Role.DISTRICT_OFFICIAL, here))

    assert client.get(reverse(ACCESS_LIST)).status_code == 404
    assert client.get(reverse(REVIEW_ADD)).status_code == 404


def test_officials_are_named_and_residents_are_not(client, here):
    resident, clerk = UserFactory(name="홍길순"), of(Role.DONG_OFFICIAL, DongFactory(parent=here))
    entry_in(here.path, resident)
    entry_in(here.path, clerk)
    client.force_login(of(Role.AUDITOR, here))

    html = client.get(reverse(AUDIT_LIST)).content.decode()

    assert clerk.name in html
    assert "홍길순" not in html
    assert str(resident.pseudonym)[:8] in html


def test_the_list_costs_the_same_for_one_entry_and_for_fifty(client, here, django_assert_num_queries):
    client.force_login(of(Role.AUDITOR, here))
    entry_in(here.path)
    client.get(reverse(AUDIT_LIST))
    with django_assert_num_queries(8):
        client.get(reverse(AUDIT_LIST))
    for _number in range(49):
        entry_in(here.path)
    with django_assert_num_queries(8):
        client.get(reverse(AUDIT_LIST))


def test_an_entry_is_read_only(client, here):
    entry = entry_in(here.path)
    client.force_login(of(Role.AUDITOR, here))
    address = reverse("admin:audit_auditentry_change", args=[entry.pk])

    assert client.get(address).status_code == 200
    assert client.post(address, {"action": "else"}).status_code in {403, 404}
    assert client.get(reverse("admin:audit_auditentry_delete", args=[entry.pk])).status_code == 404
    entry.refresh_from_db()
    assert entry.action == "audit.access_log_reviewed"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("action=audit.access_log_reviewed", 1),
        ("action=nothing", 0),
        ("kind=residents.Region", 1),
        ("kind=councils.Council", 0),
        ("from=2027-01-01", 0),
        ("until=2026-06-01", 1),
    ],
)
def test_entries_are_filtered(client, here, query, found):
    entry_in(here.path)
    client.force_login(of(Role.AUDITOR, here))

    assert len(shown(client.get(f"{reverse(AUDIT_LIST)}?{query}"))) == found


def test_a_filter_that_makes_no_sense_is_a_bad_request(client, here):
    client.force_login(of(Role.AUDITOR, here))

    assert client.get(f"{reverse(AUDIT_LIST)}?from=yesterday").status_code == 400


def test_verify_shows_the_head_of_a_whole_chain(client, here):
    entry_in(here.path)
    sealing.seal_pending(at=NOON)
    client.force_login(of(Role.AUDITOR, here))

    response = client.get(reverse(VERIFY))

    assert response.status_code == 200
    assert response.context["verdict"].is_whole
    assert str(sealing.verify_log().head) in response.content.decode().replace("<wbr>", "")


@pytest.mark.parametrize("is_own", [True, False])
def test_verify_points_at_the_broken_entry_where_it_may_be_seen(client, here, elsewhere, is_own):
    entry = entry_in((here if is_own else elsewhere).path)
    sealing.seal_pending(at=NOON)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE audit_auditentry SET details = '{\"forged\": 1}' WHERE id = %s", [entry.pk])
    client.force_login(of(Role.AUDITOR, here))

    html = client.get(reverse(VERIFY)).content.decode()

    assert "1" in html
    assert (reverse("admin:audit_auditentry_change", args=[entry.pk]) in html) is is_own
    assert 'class="errornote"' in html


def test_verify_holds_the_chain_against_a_head(client, here):
    entry_in(here.path)
    sealing.seal_pending(at=NOON)
    client.force_login(of(Role.AUDITOR, here))

    whole = client.get(reverse(VERIFY), {"head": str(sealing.verify_log().head)})
    cut = client.get(reverse(VERIFY), {"head": "5:" + "a" * 64})

    assert whole.context["verdict"].is_whole
    assert not cut.context["verdict"].is_whole


@pytest.mark.parametrize("head", ["5", "x:y", "1:" + "a" * 200])
def test_a_head_that_makes_no_sense_is_a_bad_request(client, here, head):
    client.force_login(of(Role.AUDITOR, here))

    assert client.get(reverse(VERIFY), {"head": head}).status_code == 400


def test_the_access_log_is_filtered_by_account(client, here):
    clerk = of(Role.DONG_OFFICIAL, DongFactory(parent=here))
    own, other = access_in(here.path, clerk), access_in(here.path)
    client.force_login(of(Role.AUDITOR, here))

    assert shown(client.get(reverse(ACCESS_LIST))) == {own.pk, other.pk}
    assert shown(client.get(reverse(ACCESS_LIST), {"by": str(clerk.pseudonym)})) == {own.pk}
    assert shown(client.get(reverse(ACCESS_LIST), {"by": "nobody"})) == set()


def test_the_access_log_of_another_region_is_not_there(client, here, elsewhere):
    foreign = access_in(elsewhere.path)
    client.force_login(of(Role.AUDITOR, here))

    assert shown(client.get(reverse(ACCESS_LIST))) == set()
    assert client.get(reverse("admin:audit_accessentry_change", args=[foreign.pk])).status_code == 404


def last_month():
    return months_to_review(timezone.localdate())[0]


def test_an_auditor_reviews_last_month(client, here):
    auditor = of(Role.AUDITOR, here)
    client.force_login(auditor)
    assert waiting_reviews(auditor)[0].count == 1

    response = client.post(reverse(REVIEW_ADD), {"month": last_month(), "scope": here.path, "note": "이상 없음"})

    assert response.status_code == 302
    assert AccessReview.objects.values_list("month", "scope", "reviewer").get() == (
        last_month(),
        here.path,
        auditor.pseudonym,
    )
    assert waiting_reviews(auditor)[0].count == 0


def test_the_operator_reviews_the_whole_site(client):
    client.force_login(of(Role.OPERATOR, None))

    assert client.post(reverse(REVIEW_ADD), {"month": last_month(), "note": "이상 없음"}).status_code == 302
    assert AccessReview.objects.get().scope == ""


def test_a_second_review_of_a_month_is_refused_with_a_sentence(client, here):
    client.force_login(of(Role.AUDITOR, here))
    data = {"month": last_month(), "scope": here.path, "note": "이상 없음"}
    client.post(reverse(REVIEW_ADD), data)

    assert client.post(reverse(REVIEW_ADD), data).status_code == 400
    assert AccessReview.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"month": "2020-13-01"},
        {"month": (date.today() + timedelta(days=40)).isoformat()},  # noqa: DTZ011
        {"scope": "/elsewhere/"},
        {"scope": ""},
        {"note": ""},
        {"note": "가" * 501},
    ],
)
def test_a_wrong_review_changes_nothing(client, here, wrong):
    client.force_login(of(Role.AUDITOR, here))
    data = {"month": last_month(), "scope": here.path, "note": "이상 없음"}

    assert client.post(reverse(REVIEW_ADD), {**data, **wrong}).status_code == 400
    assert not AccessReview.objects.exists()


def test_a_review_can_be_read_again(client, here):
    client.force_login(of(Role.AUDITOR, here))
    client.post(reverse(REVIEW_ADD), {"month": last_month(), "scope": here.path, "note": "이상 없음"})
    done = AccessReview.objects.get()

    assert shown(client.get(reverse("admin:audit_accessreview_changelist"))) == {done.pk}
    assert "이상 없음" in client.get(reverse("admin:audit_accessreview_change", args=[done.pk])).content.decode()


def test_months_to_review_are_over_and_kept():
    months = months_to_review(date(2026, 3, 31))

    assert months[:3] == [date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1)]
    assert months[-1] == date(2024, 3, 1)
