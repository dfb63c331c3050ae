"""Every permission × every kind of account × every thing in every state, against a table written out here.

A row names the accounts that may; everybody else may not. `anything` is the question without a thing: may this account
do it anywhere at all. A registered permission that is missing in the table, or a state that is missing in its rows,
fails a test.
"""

import pytest
import rules
import rules.permissions

from councils.states import (
    AgreementStatus,
    ApplicationStatus,
    BidStatus,
    CallStatus,
    EnrolmentStatus,
    ProgrammeStatus,
    RecruitmentStatus,
    WorkStatus,
)
from tests.councils.recruiting_things import OWN as OWN_COUNCIL_APPLICATION
from tests.councils.recruiting_things import OWN_RECRUITMENT, RIVAL
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
    "ordinance": ("ordinance", "ordinance of the province"),
    "version of an ordinance": ("version of an ordinance", "version of an ordinance of the province"),
    "council": ("council converting", "council dissolved"),
    "council of the other dong": ("council working in the other dong",),
    "term of a council": ("term of a council",),
    "council member": (
        "council member serving",
        "council member resigned",
        "council member dismissed",
        "council member ended",
    ),
    "subcommittee": ("subcommittee", "subcommittee dissolved"),
    "seat in a subcommittee": ("seat asked for", "seat taken"),
    "meeting of a council": ("meeting of a council",),
    "recruitment": (*(f"recruitment {status}" for status in RecruitmentStatus.values), OWN_RECRUITMENT),
    "council application": (*(f"council application {status}" for status in ApplicationStatus.values), RIVAL),
    "own council application": (OWN_COUNCIL_APPLICATION,),
    "figures of education": ("figures of education",),
    "recruitment with a draw": ("recruitment with a draw",),
    "draw": ("draw computed", "draw frozen", "draw drawn", "draw voided", "draw discarded"),
    "work of a council": tuple(f"work of a council {status}" for status in WorkStatus.values),
    "agreement": tuple(f"agreement {status}" for status in AgreementStatus.values),
    "programme of a centre": tuple(f"programme {status}" for status in ProgrammeStatus.values),
    "enrolment": tuple(f"enrolment {status}" for status in EnrolmentStatus.values),
    "settlement of a fund": ("settlement of a fund",),
    "call for conversion": tuple(f"call for conversion {status}" for status in CallStatus.values),
    "bid for conversion": tuple(f"bid for conversion {status}" for status in BidStatus.values),
    "plan of establishment": ("plan of establishment",),
    "support staff": ("support staff",),
    "customary draw": ("customary draw running", "customary draw finished", "customary draw voided"),
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
_READS_ORDINANCES = {
    "anything": "elsewhere neighbour operator district dong auditor",
    "ordinance": "neighbour operator district dong auditor",
    "ordinance of the province": "elsewhere neighbour operator district dong auditor",
}
_KEEPS_ORDINANCES = {
    "anything": "elsewhere operator district",
    "ordinance": "operator district",
    "ordinance of the province": "operator",
}
_KEEPS_COUNCILS = {"anything": "elsewhere district", "council": "district", "council of the other dong": "district"}

_COUNCIL_KEEPERS_ANYWHERE = "elsewhere neighbour district dong council"
_COUNCIL_KEEPERS_HERE = "district dong council"


def _of_council(kind, who="officials"):
    """Rows of things of a council in the first dong, by who may."""
    anywhere, here = {
        "district": ("elsewhere district", "district"),
        "officials": ("elsewhere neighbour district dong", "district dong"),
        "checkers": ("elsewhere neighbour district dong auditor", "district dong auditor"),
        "keepers": (_COUNCIL_KEEPERS_ANYWHERE, _COUNCIL_KEEPERS_HERE),
        "watchers": (f"{_COUNCIL_KEEPERS_ANYWHERE} auditor", f"{_COUNCIL_KEEPERS_HERE} auditor"),
        "viewers": (f"{_COUNCIL_KEEPERS_ANYWHERE} operator auditor", f"{_COUNCIL_KEEPERS_HERE} operator auditor"),
    }[who]
    return {"anything": anywhere, kind: here}


def _of_versions(rows):
    """The rows of ordinances for their versions."""
    return {name.replace("ordinance", "version of an ordinance", 1): allowed for name, allowed in rows.items()}


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
    # --- library of ordinances ---
    "ordinances.view_ordinance": _READS_ORDINANCES,
    "ordinances.add_ordinance": _KEEPS_ORDINANCES,
    "ordinances.change_ordinance": _KEEPS_ORDINANCES,
    "ordinances.view_ordinanceversion": _of_versions(_READS_ORDINANCES),
    "ordinances.add_ordinanceversion": _of_versions(_KEEPS_ORDINANCES),
    "ordinances.change_ordinanceversion": _of_versions(_KEEPS_ORDINANCES),
    "ordinances.remove_ordinanceversion": _of_versions(_KEEPS_ORDINANCES),
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
    "councils.view_councilterm": _of_council("term of a council", "watchers"),
    "councils.add_councilterm": _of_council("term of a council"),
    "councils.change_councilterm": _of_council("term of a council"),
    "councils.view_member": _of_council("council member", "watchers"),
    "councils.add_member": _of_council("council member"),
    "councils.change_member": _of_council("council member"),
    "councils.change_office_member": _of_council("council member", "keepers"),
    "councils.resign_member": _of_council("council member"),
    "councils.dismiss_member": _of_council("council member", "district"),
    "councils.replace_member": _of_council("council member", "district"),
    "councils.certify_member": _of_council("council member"),
    "councils.view_subcommittee": _of_council("subcommittee", "viewers"),
    "councils.add_subcommittee": _of_council("subcommittee", "keepers"),
    "councils.change_subcommittee": _of_council("subcommittee", "keepers"),
    "councils.view_subcommitteeseat": _of_council("seat in a subcommittee", "watchers"),
    "councils.add_subcommitteeseat": _of_council("seat in a subcommittee", "keepers"),
    "councils.change_subcommitteeseat": _of_council("seat in a subcommittee", "keepers"),
    "councils.view_councilmeeting": _of_council("meeting of a council", "viewers"),
    "councils.add_councilmeeting": _of_council("meeting of a council", "keepers"),
    "councils.change_councilmeeting": _of_council("meeting of a council", "keepers"),
    "councils.view_recruitment": _of_council("recruitment", "viewers"),
    "councils.add_recruitment": _of_council("recruitment"),
    "councils.change_recruitment": _of_council("recruitment"),
    # Nobody decides in a recruitment in which they applied: neither on their own application nor on a rival's.
    "councils.run_recruitment": {**_of_council("recruitment"), OWN_RECRUITMENT: "district"},
    "councils.appoint_recruitment": _of_council("recruitment", "district"),
    "councils.take_in_recruitment": _of_council("recruitment"),
    "councils.view_application": {
        **_of_council("council application", "checkers"),
        "own council application": "district dong auditor",
    },
    "councils.change_application": {
        **_of_council("council application"),
        "own council application": "district",
        RIVAL: "district",
    },
    "councils.release_application": {
        **_of_council("council application", "district"),
        "own council application": "district",
    },
    "councils.view_educationfigure": {
        "anything": "elsewhere neighbour operator district dong council auditor",
        "figures of education": "operator district auditor",
    },
    "councils.add_educationfigure": _of_council("figures of education", "district"),
    "councils.change_educationfigure": _of_council("figures of education", "district"),
    "councils.plan_courses": _of_council("recruitment with a draw"),
    "councils.start_draw_recruitment": _of_council("recruitment with a draw"),
    "councils.view_draw": _of_council("draw", "viewers"),
    "councils.run_draw": _of_council("draw"),
    "councils.open_draw": _of_council("draw", "checkers"),
    "councils.view_customarydraw": _of_council("customary draw", "viewers"),
    "councils.run_customarydraw": _of_council("customary draw"),
    "councils.view_workitem": _of_council("work of a council", "viewers"),
    "councils.add_workitem": _of_council("work of a council", "keepers"),
    "councils.change_workitem": _of_council("work of a council", "keepers"),
    "councils.view_agreement": _of_council("agreement", "viewers"),
    "councils.add_agreement": _of_council("agreement", "district"),
    "councils.change_agreement": _of_council("agreement", "district"),
    "councils.view_programme": _of_council("programme of a centre", "viewers"),
    "councils.add_programme": _of_council("programme of a centre", "keepers"),
    "councils.change_programme": _of_council("programme of a centre", "keepers"),
    "councils.view_enrolment": _of_council("enrolment", "keepers"),
    "councils.change_enrolment": _of_council("enrolment", "keepers"),
    "councils.view_fund": {
        **_of_council("council", "watchers"),
        "council of the other dong": "neighbour district auditor",
    },
    "councils.keep_fund": {**_of_council("council", "keepers"), "council of the other dong": "neighbour district"},
    "councils.settle_fund": {**_of_council("council", "keepers"), "council of the other dong": "neighbour district"},
    "councils.view_fundsettlement": _of_council("settlement of a fund", "viewers"),
    # The district's calls are seen by its dongs, and by nobody of another one.
    **{
        f"councils.view_{model}": {
            "anything": f"{_COUNCIL_KEEPERS_ANYWHERE} operator auditor",
            kind: "neighbour district dong council operator auditor",
        }
        for model, kind in (
            ("conversioncall", "call for conversion"),
            ("conversionbid", "bid for conversion"),
            ("rolloutplan", "plan of establishment"),
        )
    },
    "councils.add_conversioncall": _of_council("call for conversion", "district"),
    "councils.change_conversioncall": _of_council("call for conversion", "district"),
    "councils.change_conversionbid": _of_council("bid for conversion", "district"),
    **{
        f"councils.{verb}_rolloutplan": {
            "anything": "elsewhere district operator",
            "plan of establishment": "district operator",
        }
        for verb in ("add", "change")
    },
    "councils.view_supportstaff": {
        "anything": "elsewhere district auditor",
        "support staff": "district auditor",
    },
    "councils.add_supportstaff": _of_council("support staff", "district"),
    "councils.change_supportstaff": _of_council("support staff", "district"),
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
    "meetings.keep_meeting": {
        "anything": "elsewhere neighbour secretariat district dong council",
        "meeting": "secretariat",
    },
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
