"""The voter roll in numbers and masked names, and the steps on it that an assembly's page offers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.admin.forms import FindVoterForm, PupilForm, PupilsForm
from assemblies.admin.rule_help import voters_help
from assemblies.models import Assembly
from assemblies.roll_scan import Gap, scan_roll
from assemblies.services import add_to_roll, build_roll
from assemblies.services.rolls import RollCount, add_references_to_roll, age_day
from assemblies.states import AssemblyKind, AssemblyStatus
from core.audit.models import AccessAct
from core.audit.services import log_access
from core.errors import RuleViolation
from core.limits import client_address
from core.templatetags.madang import day_text, people
from ordinances.wording import value_in_words
from residents.desk import Act
from residents.desk.acts import current_user
from residents.duplicates import name_key
from residents.masking import masked_birth_date, masked_name
from residents.models import Residence
from residents.persons import ImplausibleError, cleaned_name
from residents.states import ResidenceStatus

# The scan names at most so many people; its counts are of all.
MOST_NAMED = 200
PERSONAL_DATA = "assemblies.rollentry"

GAP_LABELS = {
    Gap.NOT_ADDED_YET: gettext_lazy("may vote, is added when the roll is built"),
    Gap.TAKEN_OFF: gettext_lazy("was taken off"),
    Gap.TOO_YOUNG: gettext_lazy("younger than the voting age"),
    Gap.BASIS: gettext_lazy("no vote on this basis"),
    Gap.NO_BIRTH_DATE: gettext_lazy("no date of birth is known"),
}


@dataclass(frozen=True, slots=True)
class MissingPerson:
    """A line of the scan, masked."""

    name: str
    birth: str
    basis: str
    reason: str


def _rule_behind(assembly: Assembly, gap: Gap, at: datetime) -> str:
    """The rule that a reason comes from, with its article; "" where none does."""
    rules = assembly.rule_set.for_assemblies()
    if gap is Gap.TOO_YOUNG:
        return _("%(age)d full years on %(day)s. Source: %(source)s") % {
            "age": rules.voting_age.value,
            "day": day_text(age_day(assembly, rules, at)),
            "source": rules.voting_age.source,
        }
    if gap is Gap.BASIS:
        bases = value_in_words("resident_bases", sorted(rules.resident_bases.value))
        facts = {"bases": bases, "source": rules.resident_bases.source}
        return _("Who may vote: %(bases)s. Source: %(source)s") % facts
    return ""


def scan_facts(request: HttpRequest, assembly: Assembly) -> dict[str, Any]:
    """What the page of the scan shows. Writes the access log: masked names are personal data still."""
    now = timezone.now()
    scan = scan_roll(assembly, now)
    named = scan.absent[:MOST_NAMED]
    if named:
        log_access(
            account=current_user(request),
            act=AccessAct.LIST,
            what=PERSONAL_DATA,
            at=now,
            count=len(named),
            address=client_address(request),
            scope=assembly.dong.path,
        )
    persons = []
    for absent in named:
        profile = getattr(absent.residence.user, "profile", None)
        label = str(GAP_LABELS[absent.gap])
        persons.append(
            MissingPerson(
                name=masked_name(absent.residence.user.name) or "–",
                birth=masked_birth_date(profile.birth_date) if profile else "–",
                basis=absent.residence.get_basis_display(),
                reason=f"{label}: {absent.because}" if absent.because else label,
            )
        )
    counts = scan.counts
    return {
        "scan": scan,
        "reasons": [(GAP_LABELS[gap], counts[gap], _rule_behind(assembly, gap, now)) for gap in Gap if counts[gap]],
        "persons": persons,
        "not_named": len(scan.absent) - len(named),
    }


def build_consequences(assembly: Assembly, at: datetime) -> list[str]:
    """What building the roll now would do, in numbers."""
    scan = scan_roll(assembly, at)
    refused = len(scan.absent) - scan.to_add
    return [
        *voters_help(assembly, at),
        _("On the roll now: %(people)s.") % {"people": people(scan.on_roll)},
        _("Verified residents of the dong: %(people)s.") % {"people": people(scan.verified)},
        _("Would be added: %(people)s.") % {"people": people(scan.to_add)},
        _("On the roll afterwards: %(people)s.") % {"people": people(scan.on_roll + scan.to_add)},
        _("Stay off the roll: %(people)s. The page on who is missing says why.") % {"people": people(refused)},
        _("Nobody is removed, and nobody who was taken off returns. It can be repeated at any time."),
    ]


def _build(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    del data
    if assembly.kind == AssemblyKind.SCHOOL:
        raise RuleViolation(
            _("On the roll of a school assembly stand its pupils. Please add them by class and number."),
            code="school_roll",
        )
    done = build_roll(assembly_id=assembly.pk, actor=current_user(request), at=timezone.now())
    return _added_in_words(done)


def _add(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    user, now = current_user(request), timezone.now()
    if "reference" in data:
        add_to_roll(assembly_id=assembly.pk, reference=data["reference"], basis=data["basis"], actor=user, at=now)
        return _("The pupil stands on the voter roll now.")
    residence = _verified_resident(assembly, data["name"], data["birth_date"])
    add_to_roll(assembly_id=assembly.pk, user=residence.user, actor=user, at=now)
    log_access(
        account=user,
        act=AccessAct.CHANGE,
        what=PERSONAL_DATA,
        at=now,
        whose=residence.user,
        address=client_address(request),
        scope=assembly.dong.path,
    )
    return _("%(name)s stands on the voter roll now and can vote.") % {"name": masked_name(residence.user.name)}


def note_refused_search(request: HttpRequest, assembly: Assembly, data: Mapping[str, Any]) -> None:
    """Write the access log for a search that added nobody: its answer tells something about a person all the same.

    What `_add` wrote is gone with its transaction.
    """
    try:
        found = _verified_resident(assembly, data["name"], data["birth_date"]).user
    except RuleViolation:
        found = None
    log_access(
        account=current_user(request),
        act=AccessAct.READ if found else AccessAct.LIST,
        what=PERSONAL_DATA,
        at=timezone.now(),
        whose=found,
        count=1 if found else 0,
        address=client_address(request),
        scope=assembly.dong.path,
    )


def _verified_resident(assembly: Assembly, name: str, birth_date: Any) -> Residence:
    try:
        key = name_key(cleaned_name(name))
    except ImplausibleError as error:
        raise RuleViolation(_("This cannot be a name."), code="name") from error
    found = list(
        Residence.objects.filter(
            dong_id=assembly.dong_id,
            status=ResidenceStatus.VERIFIED,
            user__profile__name_key=key,
            user__profile__birth_date=birth_date,
        ).select_related("user")[:2]
    )
    if not found:
        raise RuleViolation(
            _("No verified resident of this dong has this name and date of birth. Verify the residence first."),
            code="nobody_found",
        )
    if len(found) > 1:
        raise RuleViolation(
            _("Several verified residents have this name and date of birth. Build the roll: it adds all who may vote."),
            code="several_found",
        )
    return found[0]


def _add_form(_request: HttpRequest, assembly: Assembly, data: Mapping[str, Any] | None) -> forms.Form:
    return PupilForm(data) if assembly.kind == AssemblyKind.SCHOOL else FindVoterForm(data)


def _added_in_words(done: RollCount) -> str:
    text = ngettext(
        "%(added)s person was added to the voter roll; now there are %(total)s on it.",
        "%(added)s people were added to the voter roll; now there are %(total)s on it.",
        done.added,
    )
    return text % {"added": f"{done.added:,}", "total": f"{done.total:,}"}


def _add_pupils(request: HttpRequest, assembly: Assembly, data: dict[str, Any]) -> str:
    if assembly.kind != AssemblyKind.SCHOOL:
        raise RuleViolation(
            _("Pupils stand only on the roll of a school assembly. Residents are added by building the roll."),
            code="not_a_school",
        )
    done = add_references_to_roll(
        assembly_id=assembly.pk,
        references=data["references"],
        basis=data["basis"],
        actor=current_user(request),
        at=timezone.now(),
    )
    return _added_in_words(done)


def _pupils_form(_request: HttpRequest, assembly: Assembly, data: Mapping[str, Any] | None) -> forms.Form:
    return PupilsForm(data, assembly=assembly)


def _is_open_school(assembly: Assembly) -> bool:
    return _roll_is_open(assembly) and assembly.kind == AssemblyKind.SCHOOL


def _roll_is_open(assembly: Assembly) -> bool:
    return assembly.status in {AssemblyStatus.PREPARING, AssemblyStatus.ANNOUNCED}


ROLL_ACTS = (
    Act(
        name="build-roll",
        label=gettext_lazy("Build the voter roll"),
        permission="assemblies.build_roll",
        run=_build,
        question=gettext_lazy(
            "Every verified resident of the dong who may vote under the rule set is put on the roll."
        ),
        available=lambda assembly: _roll_is_open(assembly) and assembly.kind == AssemblyKind.RESIDENTS,
    ),
    Act(
        name="add-person",
        label=gettext_lazy("Add a person to the voter roll"),
        permission="assemblies.add_rollentry",
        run=_add,
        question=gettext_lazy("The search is noted in the access log. What you type does not appear in the address."),
        make_form=_add_form,
        available=_roll_is_open,
    ),
    Act(
        name="add-pupils",
        label=gettext_lazy("Add several pupils to the voter roll"),
        permission="assemblies.add_rollentry",
        run=_add_pupils,
        question=gettext_lazy(
            "Every line becomes one pupil on the voter roll. If any line is at fault, nobody is added, and each fault "
            "is named."
        ),
        make_form=_pupils_form,
        available=_is_open_school,
    ),
)
