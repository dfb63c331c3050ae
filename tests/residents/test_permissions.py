"""Every permission × every kind of account × every thing in every state, against a table written out here.

A row names the accounts that may; everybody else may not. `anything` is the question without a thing: may this account
do it anywhere at all. A registered permission that is missing in the table, or a state that is missing in its rows,
fails a test.
"""

import pytest
import rules
import rules.permissions

from tests.residents.town import ACCOUNTS, standing

pytestmark = pytest.mark.django_db

EVERYBODY = " ".join(ACCOUNTS)
NOBODY = ""

# Kinds of things: their names in the town. A row “residence” holds for all of them, a row with a state for that one.
KINDS = {
    "region": ("province", "district", "dong"),
    "residence": ("residence declared", "residence verified", "residence refused", "residence ended"),
    "own residence": ("the dong official's own residence",),
    "account": ("a resident's account", "the operator's own account"),
    "role": (
        "role of a dong official",
        "role of a council officer",
        "role of the district official",
        "role of the auditor",
        "role of the secretariat",
        "the operator's own role",
    ),
    "consent": ("consent",),
    "job": ("job of a resident",),
    "mailing": ("mailing of the site",),
    "delivery": ("delivery of the site",),
    "term of office": ("term of office",),
    "local election": ("local election",),
    "rule set": ("rule set", "rule set of the province"),
    "council": ("council converting", "council dissolved"),
    "council of the other dong": ("council working in the other dong",),
    "audit entry": ("audit entry of the dong", "audit entry of the district", "audit entry of the site"),
    "access entry": ("access entry of the dong", "access entry of the site"),
    "access review": ("access review of the district", "access review of the site"),
    "assembly": ("assembly preparing", "assembly announced", "assembly concluded", "assembly cancelled"),
    "agenda item": (
        "agenda item of an assembly preparing",
        "agenda item of an assembly announced",
        "agenda item of an assembly concluded",
        "agenda item of an assembly cancelled",
    ),
    "roll entry": (
        "roll entry of an assembly preparing",
        "roll entry of an assembly announced",
        "roll entry of an assembly concluded",
        "roll entry of an assembly cancelled",
    ),
    "poll": (
        "poll preparing",
        "poll scheduled",
        "poll open",
        "poll closed",
        "poll counting",
        "poll counted",
        "poll published",
        "poll objection",
        "poll halted",
        "poll preparing of an assembly preparing",
    ),
    "meeting": (
        "meeting draft",
        "meeting called",
        "meeting open",
        "meeting adjourned",
        "meeting closed",
        "meeting minuted",
        "meeting cancelled",
    ),
    # --- papers of offices ---
    "certificate": ("certificate of the district", "certificate of the club", "a resident's own certificate"),
    "office's form": ("form of the district", "form of the club"),
    "signed letter": ("signed letter of the district", "signed letter of the club"),
    # --- the club ---
    "membership": ("membership acted for", "another membership", "membership that ended"),
    "application": (
        "application submitted",
        "application supplement",
        "application checked",
        "application approved",
        "application refused",
        "application withdrawn",
    ),
    "own application": ("the member's own application",),
    "account of a member": ("account of a member",),
    "officer": ("officer",),
    "outsider": ("outsider",),
    "partner": ("partner",),
    "bylaws": ("bylaws draft", "bylaws adopted"),
    "club meeting": ("club meeting",),
    "dues rate": ("dues rate",),
    "charged dues": ("charged dues",),
    "payment": ("payment",),
    "refund": ("refund",),
    "cost share": ("cost share",),
    "registration": ("registration of the member acted for", "registration of another member"),
    "printed total": ("printed total",),
    "forum": ("forum draft", "forum published", "forum held", "forum cancelled"),
    "material": (
        "material of a forum draft",
        "material of a forum published",
        "material of a forum held",
        "material of a forum cancelled",
    ),
    "open material": (
        "open material of a forum draft",
        "open material of a forum published",
        "open material of a forum held",
        "open material of a forum cancelled",
    ),
    "publication": ("publication draft", "publication published"),
    "forum book": ("forum book draft", "forum book published"),
}

OFFICIALS_ANYWHERE = "elsewhere neighbour district dong"
OFFICIALS_HERE = "district dong"
DRAFTERS_ANYWHERE = "elsewhere neighbour district dong council"
WATCHERS_HERE = "operator district dong council auditor"

_DECIDES_ON_RESIDENCE = {
    "anything": OFFICIALS_ANYWHERE,
    "residence": OFFICIALS_HERE,
    "own residence": "district",
}
_ONLY_WHILE_OPEN = {
    "anything": OFFICIALS_ANYWHERE,
    "residence declared": OFFICIALS_HERE,
    "residence verified": OFFICIALS_HERE,
    "residence refused": NOBODY,
    "residence ended": NOBODY,
    "own residence": "district",
}
_OPERATOR_ONLY = {"anything": "operator", "region": "operator"}
_KEEPS_ELECTIONS = {"anything": "operator", "local election": "operator"}
# --- papers of offices ---
KEEPERS_ANYWHERE = "elsewhere secretariat district"
WITH_AN_ACCOUNT = " ".join(name for name in ACCOUNTS if name not in {"anonymous", "inactive"})
_KEEPS_CERTIFICATES = {
    "anything": KEEPERS_ANYWHERE,
    "certificate of the district": "district",
    "certificate of the club": "secretariat",
    "a resident's own certificate": "secretariat",
}
_KEEPS_FORMS = {
    "anything": KEEPERS_ANYWHERE,
    "form of the district": "district",
    "form of the club": "secretariat",
}
_KEEPS_LETTERS = {
    "anything": KEEPERS_ANYWHERE,
    "signed letter of the district": "district",
    "signed letter of the club": "secretariat",
}
_KEEPS_TERMS = {"anything": "operator secretariat", "term of office": "operator secretariat"}
_RUNS_ASSEMBLY = {"anything": OFFICIALS_ANYWHERE, "assembly": OFFICIALS_HERE}
_RUNS_POLL = {"anything": OFFICIALS_ANYWHERE, "poll": OFFICIALS_HERE}
_KEEPS_ROLL = {"anything": OFFICIALS_ANYWHERE, "roll entry": OFFICIALS_HERE}
_DRAFTS_ASSEMBLY = {
    "anything": DRAFTERS_ANYWHERE,
    "assembly preparing": "district dong council",
    "assembly announced": OFFICIALS_HERE,
    "assembly concluded": OFFICIALS_HERE,
    "assembly cancelled": OFFICIALS_HERE,
}
_DRAFTS_AGENDA = {
    "anything": DRAFTERS_ANYWHERE,
    "agenda item of an assembly preparing": "district dong council",
    "agenda item of an assembly announced": OFFICIALS_HERE,
    "agenda item of an assembly concluded": OFFICIALS_HERE,
    "agenda item of an assembly cancelled": OFFICIALS_HERE,
}
_DRAFTS_POLL = {
    "anything": DRAFTERS_ANYWHERE,
    "poll preparing": OFFICIALS_HERE,
    "poll scheduled": OFFICIALS_HERE,
    "poll open": OFFICIALS_HERE,
    "poll closed": OFFICIALS_HERE,
    "poll counting": OFFICIALS_HERE,
    "poll counted": OFFICIALS_HERE,
    "poll published": OFFICIALS_HERE,
    "poll objection": OFFICIALS_HERE,
    "poll halted": OFFICIALS_HERE,
    "poll preparing of an assembly preparing": "district dong council",
}
_KEEPS_RULE_SETS = {
    "anything": "elsewhere district",
    "rule set": "district",
    "rule set of the province": NOBODY,
}
_KEEPS_COUNCILS = {"anything": "elsewhere district", "council": "district", "council of the other dong": "district"}


def _kept_by_the_secretariat(model, *kinds):
    """Viewing, adding and changing, of all kinds of this model."""
    rows = {"anything": "secretariat", **dict.fromkeys(kinds, "secretariat")}
    return {f"forums.{verb}_{model}": rows for verb in ("view", "add", "change")}


TABLE = {
    # --- people and places ---
    "residents.view_region": {
        "anything": "elsewhere neighbour operator secretariat district dong council auditor",
        "province": "operator secretariat",
        "district": "operator secretariat district auditor",
        "dong": "operator secretariat district dong council auditor",
    },
    "residents.add_region": _OPERATOR_ONLY,
    "residents.change_region": _OPERATOR_ONLY,
    "residents.view_user": {"anything": "operator", "account": "operator"},
    "residents.deactivate_user": {
        "anything": "operator",
        "a resident's account": "operator",
        "the operator's own account": NOBODY,
    },
    "residents.reactivate_user": {"anything": "operator", "account": "operator"},
    "residents.view_roleassignment": {
        "anything": "elsewhere operator district",
        "role of a dong official": "operator district",
        "role of a council officer": "operator district",
        "role of the district official": "operator",
        "role of the auditor": "operator",
        "role of the secretariat": "operator",
        "the operator's own role": "operator",
    },
    "residents.add_roleassignment": {
        "anything": "elsewhere operator district",
        "role of a dong official": "operator district",
        "role of a council officer": "operator district",
        "role of the district official": "operator",
        "role of the auditor": "operator",
        "role of the secretariat": "operator",
        "the operator's own role": "operator",
    },
    "residents.end_roleassignment": {
        "anything": "elsewhere operator district",
        "role of a dong official": "operator district",
        "role of a council officer": "operator district",
        "role of the district official": "operator",
        "role of the auditor": "operator",
        "role of the secretariat": "operator",
        "the operator's own role": NOBODY,
    },
    "residents.view_residence": {
        "anything": OFFICIALS_ANYWHERE,
        "residence": OFFICIALS_HERE,
        "own residence": OFFICIALS_HERE,
    },
    "residents.verify_residence": _DECIDES_ON_RESIDENCE,
    "residents.refuse_residence": _DECIDES_ON_RESIDENCE,
    "residents.end_residence": _DECIDES_ON_RESIDENCE,
    "residents.correct_profile": _ONLY_WHILE_OPEN,
    "residents.record_guardian_consent": _ONLY_WHILE_OPEN,
    "residents.record_death": _ONLY_WHILE_OPEN,
    "residents.view_consent": {"anything": "operator", "consent": "operator"},
    "residents.view_localelection": {
        "anything": "operator secretariat",
        "local election": "operator secretariat",
    },
    "residents.add_localelection": _KEEPS_ELECTIONS,
    "residents.change_localelection": _KEEPS_ELECTIONS,
    "residents.delete_localelection": _KEEPS_ELECTIONS,
    "residents.view_officeterm": _KEEPS_TERMS,
    "residents.add_officeterm": _KEEPS_TERMS,
    "residents.change_officeterm": _KEEPS_TERMS,
    # --- logs ---
    "audit.view_auditentry": {
        "anything": "elsewhere operator district auditor",
        "audit entry of the dong": "operator district auditor",
        "audit entry of the district": "operator district auditor",
        "audit entry of the site": "operator",
    },
    "audit.verify_auditentry": {
        "anything": "elsewhere operator district auditor",
        "audit entry of the dong": "operator district auditor",
        "audit entry of the district": "operator district auditor",
        "audit entry of the site": "operator",
    },
    "audit.view_accessentry": {
        "anything": "elsewhere operator auditor",
        "access entry of the dong": "operator auditor",
        "access entry of the site": "operator",
    },
    "audit.view_accessreview": {
        "anything": "elsewhere operator auditor",
        "access review of the district": "operator auditor",
        "access review of the site": "operator",
    },
    "audit.add_accessreview": {
        "anything": "elsewhere operator auditor",
        "access review of the district": "operator auditor",
        "access review of the site": "operator",
    },
    # --- notices ---
    "notices.view_mailing": {"anything": "operator secretariat", "mailing": "operator"},
    "notices.send_again_mailing": {"anything": "operator secretariat", "mailing": "operator"},
    "notices.view_delivery": {"anything": "operator secretariat", "delivery": "operator"},
    "notices.settle_delivery": {"anything": "operator secretariat", "delivery": "operator"},
    # --- jobs ---
    "jobs.view_job": {"anything": "operator", "job": "operator"},
    # --- papers of offices ---
    "reports.view_certificate": _KEEPS_CERTIFICATES,
    "reports.withdraw_certificate": _KEEPS_CERTIFICATES,
    "reports.print_certificate": {
        "anything": WITH_AN_ACCOUNT,
        "certificate of the district": "district",
        "certificate of the club": "secretariat",
        "a resident's own certificate": "secretariat resident",
    },
    "reports.view_officeform": _KEEPS_FORMS,
    "reports.add_officeform": _KEEPS_FORMS,
    "reports.retire_officeform": _KEEPS_FORMS,
    "reports.view_signeddocument": _KEEPS_LETTERS,
    "reports.add_signeddocument": _KEEPS_LETTERS,
    "reports.draft_letter": {"anything": KEEPERS_ANYWHERE},
    # --- rule sets ---
    "ordinances.view_ruleset": {
        "anything": "elsewhere neighbour operator district dong auditor",
        "rule set": "neighbour operator district dong auditor",
        "rule set of the province": "elsewhere neighbour operator district dong auditor",
    },
    "ordinances.add_ruleset": _KEEPS_RULE_SETS,
    "ordinances.change_ruleset": _KEEPS_RULE_SETS,
    "ordinances.copy_ruleset": _KEEPS_RULE_SETS,
    # --- councils ---
    "councils.view_council": {
        "anything": "elsewhere neighbour operator district dong council auditor",
        "council": WATCHERS_HERE,
        "council of the other dong": "neighbour operator district auditor",
    },
    "councils.change_council": {
        "anything": OFFICIALS_ANYWHERE,
        "council": OFFICIALS_HERE,
        "council of the other dong": "neighbour district",
    },
    "councils.add_council": _KEEPS_COUNCILS,
    "councils.start_conversion_council": _KEEPS_COUNCILS,
    "councils.finish_conversion_council": _KEEPS_COUNCILS,
    "councils.dissolve_council": _KEEPS_COUNCILS,
    # --- assemblies ---
    "assemblies.view_assembly": {
        "anything": EVERYBODY,
        "assembly preparing": WATCHERS_HERE,
        "assembly announced": EVERYBODY,
        "assembly concluded": EVERYBODY,
        "assembly cancelled": EVERYBODY,
    },
    "assemblies.add_assembly": _DRAFTS_ASSEMBLY,
    "assemblies.change_assembly": _DRAFTS_ASSEMBLY,
    "assemblies.order_agenda": _DRAFTS_ASSEMBLY,
    "assemblies.announce_assembly": _RUNS_ASSEMBLY,
    "assemblies.conclude_assembly": _RUNS_ASSEMBLY,
    "assemblies.cancel_assembly": _RUNS_ASSEMBLY,
    "assemblies.view_agendaitem": {
        "anything": EVERYBODY,
        "agenda item of an assembly preparing": WATCHERS_HERE,
        "agenda item of an assembly announced": EVERYBODY,
        "agenda item of an assembly concluded": EVERYBODY,
        "agenda item of an assembly cancelled": EVERYBODY,
    },
    "assemblies.add_agendaitem": _DRAFTS_AGENDA,
    "assemblies.change_agendaitem": _DRAFTS_AGENDA,
    "assemblies.delete_agendaitem": _DRAFTS_AGENDA,
    "assemblies.view_poll": {
        "anything": EVERYBODY,
        "poll preparing": WATCHERS_HERE,
        "poll scheduled": EVERYBODY,
        "poll open": EVERYBODY,
        "poll closed": EVERYBODY,
        "poll counting": EVERYBODY,
        "poll counted": EVERYBODY,
        "poll published": EVERYBODY,
        "poll objection": EVERYBODY,
        "poll halted": EVERYBODY,
        "poll preparing of an assembly preparing": WATCHERS_HERE,
    },
    "assemblies.add_poll": _DRAFTS_POLL,
    "assemblies.change_poll": _DRAFTS_POLL,
    "assemblies.schedule_poll": _RUNS_POLL,
    "assemblies.unschedule_poll": _RUNS_POLL,
    "assemblies.open_poll": _RUNS_POLL,
    "assemblies.close_poll": _RUNS_POLL,
    "assemblies.count_poll": _RUNS_POLL,
    "assemblies.publish_poll": _RUNS_POLL,
    "assemblies.halt_poll": _RUNS_POLL,
    "assemblies.object_poll": _RUNS_POLL,
    "assemblies.view_turnout": {
        "anything": "elsewhere neighbour operator district dong council auditor",
        "poll": WATCHERS_HERE,
        "assembly": WATCHERS_HERE,
    },
    "assemblies.view_rollentry": _KEEPS_ROLL,
    "assemblies.add_rollentry": _KEEPS_ROLL,
    "assemblies.change_rollentry": _KEEPS_ROLL,
    "assemblies.build_roll": {"anything": OFFICIALS_ANYWHERE, "assembly": OFFICIALS_HERE},
    # --- the club ---
    **_kept_by_the_secretariat("member", "membership"),
    **_kept_by_the_secretariat("application", "application", "own application"),
    **_kept_by_the_secretariat("memberaccount", "account of a member"),
    **_kept_by_the_secretariat("appointment", "officer"),
    **_kept_by_the_secretariat("outsider", "outsider"),
    **_kept_by_the_secretariat("partner", "partner"),
    **_kept_by_the_secretariat("bylaws", "bylaws"),
    **_kept_by_the_secretariat("clubmeeting", "club meeting"),
    **_kept_by_the_secretariat("duesrate", "dues rate"),
    **_kept_by_the_secretariat("duescharge", "charged dues"),
    **_kept_by_the_secretariat("payment", "payment"),
    **_kept_by_the_secretariat("refund", "refund"),
    **_kept_by_the_secretariat("costshare", "cost share"),
    **_kept_by_the_secretariat("registration", "registration"),
    **_kept_by_the_secretariat("printedtotal", "printed total"),
    "forums.read_directory": {"anything": "secretariat member"},
    "forums.read_account": {
        "anything": "secretariat member",
        "membership acted for": "secretariat member",
        "another membership": "secretariat",
        "membership that ended": "secretariat",
    },
    "forums.read_application": {
        "anything": "secretariat",
        "application": "secretariat",
        "own application": "secretariat member",
    },
    "forums.view_forum": {
        "anything": EVERYBODY,
        "forum draft": "secretariat",
        "forum published": EVERYBODY,
        "forum held": EVERYBODY,
        "forum cancelled": EVERYBODY,
    },
    "forums.add_forum": {"anything": "secretariat", "forum": "secretariat"},
    "forums.change_forum": {"anything": "secretariat", "forum": "secretariat"},
    "forums.publish_forum": {"anything": "secretariat", "forum": "secretariat"},
    "forums.register_for_forum": {
        "anything": "secretariat member",
        "membership acted for": "secretariat member",
        "another membership": "secretariat",
        "membership that ended": "secretariat",
        "registration of the member acted for": "secretariat member",
        "registration of another member": "secretariat",
    },
    "forums.read_attendees": {"anything": "secretariat member", "forum": "secretariat member"},
    "forums.read_book": {"anything": "secretariat member", "forum": "secretariat member"},
    "forums.view_material": {
        "anything": "secretariat member",
        "material": "secretariat member",
        "material of a forum draft": "secretariat",
        "open material": EVERYBODY,
        "open material of a forum draft": "secretariat",
    },
    "forums.change_material": {
        "anything": "secretariat",
        "material": "secretariat",
        "open material": "secretariat",
    },
    "forums.view_publication": {
        "anything": EVERYBODY,
        "publication draft": "secretariat",
        "publication published": EVERYBODY,
    },
    # A forum's book holds the directory of members.
    "forums.read_publication": {
        "anything": EVERYBODY,
        "publication draft": "secretariat",
        "publication published": EVERYBODY,
        "forum book draft": "secretariat",
        "forum book published": "secretariat member",
    },
    "forums.add_publication": {"anything": "secretariat", "publication": "secretariat"},
    "forums.change_publication": {"anything": "secretariat", "publication": "secretariat"},
    # --- meetings ---
    "meetings.keep_meeting": {"anything": "secretariat", "meeting": "secretariat"},
    "meetings.view_meeting": {
        "anything": " ".join(name for name in ACCOUNTS if name not in {"anonymous", "inactive"}),
        "meeting draft": "secretariat",
        "meeting called": "secretariat resident",
        "meeting open": "secretariat resident",
        "meeting adjourned": "secretariat resident",
        "meeting closed": "secretariat resident",
        "meeting minuted": "secretariat resident",
        "meeting cancelled": "secretariat resident",
    },
}


def expanded(rows):
    """The rows with kinds written out: a row of one thing goes before the row of its kind."""
    out = {}
    for name, allowed in rows.items():
        for thing in KINDS.get(name, (name,)):
            if name == thing or thing not in rows:
                out[thing] = allowed
    return out


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """One town for all rows: the predicates only read."""
    with standing(django_db_blocker) as built:
        yield built


def test_every_registered_permission_is_in_the_table():
    assert set(TABLE) == set(rules.permissions.permissions)


@pytest.mark.parametrize("permission", TABLE)
def test_rows_leave_out_no_state(permission):
    """A permission that speaks of one thing of a kind speaks of all of it."""
    named = set(expanded(TABLE[permission])) - {"anything"}
    kinds = [set(of_kind) for of_kind in KINDS.values() if named & set(of_kind)]
    assert named == set().union(*kinds)
    assert "anything" in TABLE[permission]


def test_the_town_has_everything_that_the_table_names(town):
    _who, what = town
    assert {"anything"}.union(*(set(of_kind) for of_kind in KINDS.values())) == set(what)


@pytest.mark.parametrize("permission", TABLE)
def test_who_may(permission, town):
    who, what = town
    wrong = []
    for thing, allowed in expanded(TABLE[permission]).items():
        may = {name for name in ACCOUNTS if rules.has_perm(permission, who[name], what[thing])}
        if may != set(allowed.split()):
            wrong.append((thing, f"too many: {may - set(allowed.split())}", f"missing: {set(allowed.split()) - may}"))
    assert not wrong
