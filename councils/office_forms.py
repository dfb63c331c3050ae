"""An office's own form, filled with what stands in an application for a council (rules.md O2)."""

from collections.abc import Mapping
from itertools import accumulate

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.templatetags.madang import day_text
from councils.models import Application, Recruitment
from reports.models import OfficeForm
from reports.services import fill_form
from reports.states import FormStatus

MOST_FORMS = 10
# Name of a fact → what an official calls it, when it is said which fact goes into which field.
FACTS: Mapping[str, Promise] = {
    "council_application_name": _("application for a council: name"),
    "council_application_birth_date": _("application for a council: date of birth"),
    "council_application_sex": _("application for a council: sex"),
    "council_application_address": _("application for a council: address"),
    "council_application_phone": _("application for a council: phone"),
    "council_application_email": _("application for a council: mail address"),
    "council_application_basis": _("application for a council: basis of eligibility"),
    "council_application_track": _("application for a council: track"),
    "council_application_organisation": _("application for a council: recommending organisation"),
    "council_application_answers": _("application for a council: answers"),
    "council_application_motive": _("application for a council: why they apply"),
    "council_application_guardian": _("application for a council: guardian"),
    "council_application_recruitment": _("application for a council: recruitment"),
    "council_application_number": pgettext_lazy("council application", "application for a council: receipt number"),
    "council_application_received_on": _("application for a council: received on"),
    "council_application_consented_on": _("application for a council: consented on"),
    "council_application_erase_on": _("application for a council: personal data deleted on"),
}


def forms_of(recruitment: Recruitment) -> list[OfficeForm]:
    """The forms in use of the offices around a recruitment that take something of an application; one query."""
    codes = recruitment.council.dong.path.strip("/").split("/")
    around = [f"/{path}/" for path in accumulate(codes, lambda path, code: f"{path}/{code}")]
    found = OfficeForm.objects.filter(region__path__in=around, status=FormStatus.IN_USE).exclude(mapping={})
    return [form for form in found.order_by("name", "pk") if FACTS.keys() & set(form.mapping.values())][:MOST_FORMS]


def facts_of(application: Application) -> dict[str, str]:
    """What stands in an application, by the names of the facts; two queries for the answers."""
    one, recruitment = application, application.recruitment
    return {
        "council_application_name": one.name,
        "council_application_birth_date": day_text(one.birth_date) if one.birth_date else "",
        "council_application_sex": one.get_sex_display() if one.sex else "",
        "council_application_address": one.address,
        "council_application_phone": one.phone,
        "council_application_email": one.email,
        "council_application_basis": one.get_basis_display(),
        "council_application_track": one.get_track_display(),
        "council_application_organisation": one.organisation,
        "council_application_answers": "; ".join(_answers(one)),
        "council_application_motive": one.motive,
        "council_application_guardian": f"{one.guardian_name} {one.guardian_relation}".strip(),
        "council_application_recruitment": recruitment.title,
        "council_application_number": str(one.number or ""),
        "council_application_received_on": day_text(one.submitted_at) if one.submitted_at else "",
        "council_application_consented_on": day_text(one.consented_at) if one.consented_at else "",
        "council_application_erase_on": day_text(recruitment.erase_on),
    }


def _answers(application: Application) -> list[str]:
    return [
        f"{feature.label}: {value.label}"
        for feature in application.recruitment.features.prefetch_related("values")
        for value in feature.values.all()
        if application.answers.get(feature.key) == value.key
    ]


def filled_form(form: OfficeForm, application: Application) -> bytes:
    """The office's form with the facts of an application. Raises RuleViolation as `fill_form` does."""
    facts = facts_of(application)
    values = {field: facts[fact] for field, fact in form.mapping.items() if fact in facts}
    return fill_form(form, values, as_named=True).content
