"""What officials type on a recruitment: its facts, quotas, committee and the decisions of that committee."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from councils.models import Recruitment
from councils.services.decisions import DecisionFacts
from councils.services.quotas import FeaturePlan, ValuePlan
from councils.services.recruitment import Dates
from councils.states import DecisionKind, FeatureSource, Track
from residents.desk.inputs import DayInput, MomentInput
from residents.states import Sex

MOST_ROWS = 80
EMPTY_ROWS = 4
MOST_COMMITTEE = 40
CHAIR = "chair"
FIXED_KEYS = {FeatureSource.SEX: Sex, FeatureSource.TRACK: Track}


class RecruitmentForm(forms.ModelForm):  # type: ignore[type-arg]
    """A recruitment in preparation, or what may still change of an announced one."""

    class Meta:
        model = Recruitment
        fields = (
            "council",
            "rule_set",
            "title",
            "method",
            "seats",
            "opens_at",
            "closes_at",
            "learning_until",
            "draw_at",
            "place",
            "appoints_on",
            "erase_on",
            "contact",
            "about",
        )

    def _get_validation_exclusions(self) -> set[str]:
        """The order of the dates is the service's to check: it says what is wrong with them in a sentence."""
        known: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return known | {"learning_until", "closes_at", "draw_at"}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class DecisionForm(forms.Form):
    """What the committee decided, as the minutes say it."""

    decided_on = forms.DateField(label=_("decided on"), widget=DayInput())
    text = forms.CharField(
        label=_("what was decided, and why"), max_length=3000, widget=forms.Textarea(attrs={"rows": 4})
    )
    entitled = forms.IntegerField(label=_("members of the committee"), min_value=1, max_value=200)
    present = forms.IntegerField(label=_("present"), min_value=1, max_value=200)
    in_favour = forms.IntegerField(label=_("in favour"), min_value=0, max_value=200)
    document_number = forms.CharField(label=_("document number"), max_length=60, required=False)

    def facts(self) -> DecisionFacts:
        return decision_from(self.cleaned_data)


class AnyDecisionForm(DecisionForm):
    kind = forms.ChoiceField(
        label=_("kind"),
        # A relaxation is recorded together with the quotas that it changes.
        choices=[(kind.value, kind.label) for kind in DecisionKind if kind != DecisionKind.RELAXATION],
    )
    field_order = ("kind",)


class MoreTimeForm(DecisionForm):
    """The decision and the new dates at once."""

    closes_at = forms.DateTimeField(label=_("applications until"), widget=MomentInput())
    learning_until = forms.DateTimeField(label=_("hours of education until"), widget=MomentInput())
    draw_at = forms.DateTimeField(label=_("draw planned at"), widget=MomentInput(), required=False)
    appoints_on = forms.DateField(label=_("appointment planned on"), widget=DayInput(), required=False)
    field_order = ("closes_at", "learning_until", "draw_at", "appoints_on")


class CopyForm(forms.Form):
    title = forms.CharField(label=_("title"), max_length=120)
    opens_at = forms.DateTimeField(label=_("applications from"), widget=MomentInput())
    closes_at = forms.DateTimeField(label=_("applications until"), widget=MomentInput())
    learning_until = forms.DateTimeField(label=_("hours of education until"), widget=MomentInput())
    draw_at = forms.DateTimeField(label=_("draw planned at"), widget=MomentInput(), required=False)
    appoints_on = forms.DateField(label=_("appointment planned on"), widget=DayInput(), required=False)
    erase_on = forms.DateField(label=_("personal data are deleted on"), widget=DayInput())


def decision_from(data: dict[str, Any]) -> DecisionFacts:
    """The decision among the cleaned data of a form."""
    names = ("text", "decided_on", "entitled", "present", "in_favour", "document_number")
    return DecisionFacts(**{name: data[name] for name in names})


def dates_from(data: dict[str, Any], recruitment: Recruitment | None = None) -> Dates:
    """The dates among the cleaned data of a form; what it does not ask for is taken from `recruitment`."""

    def value(name: str) -> Any:
        return data[name] if name in data else getattr(recruitment, name)

    return Dates(
        opens_at=value("opens_at"),
        closes_at=value("closes_at"),
        learning_until=value("learning_until"),
        draw_at=value("draw_at"),
        appoints_on=value("appoints_on"),
        erase_on=value("erase_on"),
    )


class MirrorForm(forms.Form):
    """Figures of residents, a line for each value, from which quotas follow."""

    label = forms.CharField(label=_("Feature"), max_length=60, help_text=_("Such as age, or area."))
    source = forms.ChoiceField(
        label=_("Where the value comes from"),
        choices=[(one.value, one.label) for one in (FeatureSource.AGE, FeatureSource.AREA, FeatureSource.ASKED)],
    )
    residents = forms.CharField(
        label=_("Values and residents"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("A line for each: value, comma, residents. Of ages the age at which a band begins: 0, 20, 30 …"),
    )
    slack = forms.IntegerField(
        label=_("How many persons wider"),
        min_value=0,
        max_value=100,
        initial=1,
        help_text=_("0 leaves only what rounding leaves; 1 makes a possible council likelier."),
    )
    cited = forms.CharField(label=_("Source of the figures"), max_length=200)

    def clean_residents(self) -> list[tuple[str, int]]:
        lines = []
        for line in self.cleaned_data["residents"].splitlines():
            name, comma, number = line.strip().rpartition(",")
            if not line.strip():
                continue
            digits = number.strip()
            if not comma or not (digits.isdecimal() and len(digits) < 9):
                raise ValidationError(
                    _("“%(line)s” is not a value, a comma and a number.") % {"line": line.strip()[:60]}
                )
            lines.append((name.strip()[:60], int(digits)))
        return lines


class LineForm(forms.Form):
    """A line of a table of fields: each says what it is and in which line, because its label heads the column."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line = str(self.prefix).rpartition("-")[2]
        for field in self.fields.values():
            number = int(line) + 1 if line.isdecimal() else ""
            field.widget.attrs["aria-label"] = _("%(label)s, line %(number)s") % {
                "label": field.label,
                "number": number,
            }


class QuotaRowForm(LineForm):
    """One value of a feature in one line; lines with the same feature belong together."""

    feature = forms.CharField(label=_("Feature"), max_length=60, required=False)
    source = forms.ChoiceField(label=_("Where the value comes from"), choices=FeatureSource.choices, required=False)
    value = forms.CharField(label=_("Value"), max_length=60, required=False)
    minimum = forms.IntegerField(label=_("At least"), min_value=0, max_value=1000, required=False)
    maximum = forms.IntegerField(label=_("At most"), min_value=0, max_value=1000, required=False)
    age_from = forms.IntegerField(label=_("From age"), min_value=0, max_value=150, required=False)
    age_to = forms.IntegerField(label=_("Up to age"), min_value=0, max_value=150, required=False)
    article = forms.CharField(label=_("Article or source"), max_length=200, required=False)
    feature_key = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput())
    value_key = forms.CharField(required=False, max_length=30, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_permitted = True
        for name in ("feature", "value", "article"):
            self.fields[name].widget.attrs["size"] = 16

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not (data.get("feature") or data.get("value")):
            return data
        for name in ("feature", "source", "value"):
            if not data.get(name) and name not in self.errors:
                self.add_error(name, _("Please fill this in."))
        if data.get("maximum") is None and "maximum" not in self.errors:
            self.add_error("maximum", _("Please say how many at most."))
        return data


class _QuotaRows(forms.BaseFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        sources: dict[str, str] = {}
        for form in self.forms:
            data = getattr(form, "cleaned_data", {})
            label, source = str(data.get("feature") or "").strip(), data.get("source")
            if label and source and sources.setdefault(label, source) != source:
                raise ValidationError(
                    _("“%(feature)s”: all lines of a feature take the value from the same place.") % {"feature": label}
                )


QuotaFormSet = forms.formset_factory(
    QuotaRowForm, formset=_QuotaRows, extra=EMPTY_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def plans_of(rows: "forms.BaseFormSet[Any]") -> list[FeaturePlan]:
    """The lines of a valid form as features with their values, in their order."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for data in rows.cleaned_data:
        if data.get("feature") or data.get("value"):
            grouped.setdefault(data["feature"].strip(), []).append(data)
    return [_plan(number, label, lines) for number, (label, lines) in enumerate(grouped.items(), start=1)]


def _plan(number: int, label: str, rows: list[dict[str, Any]]) -> FeaturePlan:
    source = FeatureSource(rows[0]["source"])
    taken: set[str] = set()
    values = []
    for row in rows:
        key = _key_of_value(source, row, taken)
        taken.add(key)
        values.append(
            ValuePlan(
                key,
                row["value"].strip(),
                row["minimum"] or 0,
                row["maximum"],
                row["age_from"],
                row["age_to"],
                row["article"],
            )
        )
    known = next((row["feature_key"] for row in rows if row["feature_key"]), "")
    key = slugify(known) or {FeatureSource.ASKED: f"asked-{number}"}.get(source, f"{source.value}-{number}")
    return FeaturePlan(key, label, source, tuple(values))


def _key_of_value(source: FeatureSource, row: dict[str, Any], taken: set[str]) -> str:
    """The short name of a value: the one it has, of sexes and tracks the one that applications use, else a new one."""
    typed = row["value"].strip()
    fixed = FIXED_KEYS.get(source)
    if fixed is not None:
        return next(
            (str(key) for key, label in fixed.choices if typed in {key, str(label)}), slugify(str(row["value_key"]))
        )
    known: str = slugify(row["value_key"])
    if known and known not in taken:
        return known
    return next(name for name in (f"v{number}" for number in range(1, MOST_ROWS + 2)) if name not in taken)


def quota_rows(plans: list[FeaturePlan]) -> list[dict[str, Any]]:
    """Features as first values of the lines."""
    return [
        {
            "feature": plan.label,
            "source": plan.source,
            "value": value.label,
            "minimum": value.minimum,
            "maximum": value.maximum,
            "age_from": value.age_from,
            "age_to": value.age_to,
            "article": value.source,
            "feature_key": plan.key,
            "value_key": value.key,
        }
        for plan in plans
        for value in plan.values
    ]


class RelaxationRowForm(LineForm):
    """What one quota becomes. Left as it is, nothing changes."""

    value_id = forms.IntegerField(widget=forms.HiddenInput())
    minimum = forms.IntegerField(label=_("At least"), min_value=0, max_value=1000)
    maximum = forms.IntegerField(label=_("At most"), min_value=0, max_value=1000)


RelaxationFormSet = forms.formset_factory(RelaxationRowForm, extra=0, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class CommitteeRowForm(LineForm):
    """One member of the committee. A line without a name is left out."""

    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    affiliation = forms.CharField(label=_("Affiliation"), max_length=120, required=False)
    office = forms.ChoiceField(
        label=_("Office"), choices=[("", _("member of the committee")), (CHAIR, _("chairs"))], required=False
    )


CommitteeFormSet = forms.formset_factory(CommitteeRowForm, extra=3, max_num=MOST_COMMITTEE, absolute_max=MOST_COMMITTEE)
