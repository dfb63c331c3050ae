"""Input of the desk's pages on assemblies. Wrong shape is said beside the field; rules are the services' business."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q, prefetch_related_objects
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assemblies.admin.rule_help import notice_help, quorum_help, tie_help
from assemblies.models import AgendaItem, Assembly, Poll
from assemblies.models.assemblies import HIGHEST_COST
from assemblies.queries import PUBLIC_ASSEMBLIES
from assemblies.states import AssemblyKind, AssemblyStatus, PollKind, TieRule
from ordinances.models import RuleSet
from residents.desk.inputs import DayInput, MomentInput
from residents.persons import EARLIEST_BIRTH, NAME_LENGTH
from residents.states import Basis

SEOUL = ZoneInfo("Asia/Seoul")
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=SEOUL), datetime(2100, 1, 1, tzinfo=SEOUL)
HIGHEST_POPULATION = 100_000_000
HIGHEST_NUMBER = 999
LONGEST_KEY = 18
LONGEST_REFERENCE = 40
MOST_RULE_SETS_QUOTED = 3
MOST_PUPILS, MOST_FAULTS_SAID = 500, 20
NUMBER = {"class": "vIntegerField"}
POSITION_PREFIX = "item-"


class MomentField(forms.DateTimeField):
    """A day and time of this century, in Korean time."""

    widget = MomentInput

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not EARLIEST <= value < LATEST:
            raise forms.ValidationError(_("Please enter a day from 2000 to 2099."), code="out_of_range")


class DayField(forms.DateField):
    """A day of this century."""

    widget = DayInput

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is not None and not EARLIEST.date() <= value < LATEST.date():
            raise forms.ValidationError(_("Please enter a day from 2000 to 2099."), code="out_of_range")


class WonField(forms.IntegerField):
    """An amount of won from 0 to 100,000,000,000; commas and 원 may be typed."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "class": "vBigIntegerField"}))
        super().__init__(min_value=0, max_value=HIGHEST_COST, **kwargs)

    def to_python(self, value: Any) -> int | None:
        if isinstance(value, str):
            value = value.replace(",", "").removesuffix("원").strip()  # korean: what people type
        return super().to_python(value)


class AssemblyForm(forms.ModelForm):  # type: ignore[type-arg]
    population = forms.IntegerField(
        widget=forms.NumberInput(attrs={"class": "vBigIntegerField"}),
        label=gettext_lazy("Population that the quorum is reckoned from"),
        required=False,
        min_value=1,
        max_value=HIGHEST_POPULATION,
        help_text=gettext_lazy("Leave empty to take over the dong’s figure and its day."),
    )

    class Meta:
        model = Assembly
        fields = (
            "dong",
            "kind",
            "title",
            "host",
            "purpose",
            "description",
            "rule_set",
            "held_at",
            "place",
            "population",
            "population_on",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule_set = self._rule_set()
        if rule_set is None:
            self._quote_each_notice()
            return
        prefetch_related_objects([rule_set], "rules")
        announced = self.instance.status != AssemblyStatus.PREPARING
        if "held_at" in self.fields:
            self.fields["held_at"].help_text = notice_help(
                rule_set, held_at=self.instance.held_at, today=timezone.localdate(), is_announced=announced
            )
        if "population" in self.fields:
            population = self.instance.population if self.instance.pk else None
            quoted = quorum_help(rule_set, population=population)
            self.fields["population"].help_text = format_html("{}{}", self.fields["population"].help_text, quoted)

    def _quote_each_notice(self) -> None:
        """While the rules are still to be chosen: what each of the first few asks for."""
        field = self.fields.get("rule_set")
        if "held_at" in self.fields and isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            today = timezone.localdate()
            found = field.queryset.prefetch_related("rules")[:MOST_RULE_SETS_QUOTED]
            self.fields["held_at"].help_text = format_html_join(
                "", "{}", ((notice_help(rule_set, held_at=None, today=today),) for rule_set in found)
            )

    def _rule_set(self) -> RuleSet | None:
        """The rules of the assembly; of a new one those that were chosen, or the only ones that can be."""
        if self.instance.pk:
            own: RuleSet = self.instance.rule_set
            return own
        field = self.fields.get("rule_set")
        if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
            return None
        chosen = self.data.get("rule_set") if self.is_bound else field.initial
        if chosen is None or not str(chosen).isdecimal() or len(str(chosen)) > LONGEST_KEY:
            return None
        found: RuleSet | None = field.queryset.filter(pk=int(chosen)).first()
        return found

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "population" not in self.fields or {"population", "population_on"} & set(self.errors):
            return data
        counted_on: date | None = data.get("population_on")
        if data.get("population") is None and self.instance.pk and self.instance.dong.population_on:
            data["population"] = self.instance.dong.population
            data["population_on"] = counted_on = self.instance.dong.population_on
        if data.get("population") is None:
            data["population_on"] = None
        elif counted_on is None:
            self.add_error("population_on", _("Please say on which day the population was counted."))
        if counted_on and counted_on > timezone.localdate():
            self.add_error("population_on", _("This day is still to come."))
        if data.get("kind") == AssemblyKind.SCHOOL and not data.get("host"):
            self.add_error("host", _("Please name the school."))
        return data


class OriginField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An earlier item, named with its assembly and year."""

    def label_from_instance(self, obj: Any) -> str:
        year, title = str(obj.assembly.held_at.year), obj.assembly.title
        return f"{title} – {obj.title}" if year in title else f"{year} {title} – {obj.title}"


class AssemblyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An assembly, named with its dong."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.dong})"


def chosen_assembly(form: "forms.ModelForm[Any]") -> Assembly | None:
    """The assembly of what the form is about, or the one chosen so far for something new."""
    if form.instance.pk:
        own: Assembly = form.instance.assembly
        return own
    field = form.fields.get("assembly")
    if not isinstance(field, forms.ModelChoiceField) or field.queryset is None:
        return None
    chosen = form.data.get("assembly") if form.is_bound else form.initial.get("assembly")
    if chosen is None or not str(chosen).isdecimal() or len(str(chosen)) > LONGEST_KEY:
        return None
    found: Assembly | None = field.queryset.filter(pk=int(chosen)).first()
    return found


class AgendaItemForm(forms.ModelForm):  # type: ignore[type-arg]
    number = forms.IntegerField(
        widget=forms.NumberInput(attrs=NUMBER),
        label=gettext_lazy("Number on the agenda"),
        required=False,
        min_value=1,
        max_value=HIGHEST_NUMBER,
        help_text=gettext_lazy("Leave empty to put the item at the end."),
    )
    cost = WonField(
        label=gettext_lazy("Cost in won"),
        required=False,
        help_text=gettext_lazy(
            "Whole won, not thousands: 30,000,000 is thirty million won. Leave empty if it is not known or nothing is "
            "to be paid."
        ),
    )
    origin = OriginField(
        label=gettext_lazy("Came from this item"),
        queryset=AgendaItem.objects.none(),
        required=False,
        help_text=gettext_lazy("The item of an earlier or a school assembly of this district that this one takes up."),
    )

    class Meta:
        model = AgendaItem
        fields = (
            "assembly",
            "number",
            "title",
            "gain",
            "description",
            "category",
            "proposer",
            "place",
            "cost",
            "opinion",
            "origin",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assembly = chosen_assembly(self)
        origin = self.fields.get("origin")
        if assembly is not None and isinstance(origin, OriginField):
            origin.queryset = earlier_items(assembly)
        if self.instance.pk and "number" in self.fields:
            self.fields["number"].help_text = _("Leave empty to keep the number it has.")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if "number" in self.fields and data.get("number") is None and self.instance.pk:
            data["number"] = AgendaItem.objects.values_list("number", flat=True).get(pk=self.instance.pk)
        return data


def earlier_items(assembly: Assembly) -> Any:
    """Items that a new one may have come from: of earlier, public assemblies of the same district and its own dong."""
    return (
        AgendaItem.objects.filter(
            Q(assembly__status__in=PUBLIC_ASSEMBLIES) | Q(assembly__dong_id=assembly.dong_id),
            assembly__dong__parent_id=assembly.dong.parent_id,
            assembly__held_at__lt=assembly.held_at,
        )
        .exclude(assembly=assembly)
        .select_related("assembly")
        .order_by("-assembly__held_at", "number")
    )


class PollForm(forms.ModelForm):  # type: ignore[type-arg]
    max_choices = forms.IntegerField(
        widget=forms.NumberInput(attrs=NUMBER),
        label=gettext_lazy("Highest number of choices"),
        required=False,
        min_value=1,
        max_value=HIGHEST_NUMBER,
        help_text=gettext_lazy("Only for “choose up to a number of items”."),
    )
    adopted_count = forms.IntegerField(
        widget=forms.NumberInput(attrs=NUMBER),
        label=gettext_lazy("Number of items that are adopted"),
        required=False,
        min_value=1,
        max_value=HIGHEST_NUMBER,
        help_text=gettext_lazy(
            "Only for “choose up to a number of items”: so many items with the most votes go on to the budget. Leave "
            "empty if the items are only ranked."
        ),
    )
    tie_rule = forms.ChoiceField(
        label=gettext_lazy("Rule for ties"),
        required=False,
        choices=[("", gettext_lazy("as the rule set says")), *TieRule.choices],
    )

    class Meta:
        model = Poll
        fields = (
            "assembly",
            "title",
            "question",
            "kind",
            "max_choices",
            "adopted_count",
            "tie_rule",
            "opens_at",
            "closes_at",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        assembly = chosen_assembly(self)
        if assembly is not None and "tie_rule" in self.fields:
            self.fields["tie_rule"].help_text = tie_help(assembly.rule_set)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("Voting must close after it opens."))
        kind = data.get("kind")
        if kind == PollKind.CHOOSE and data.get("max_choices") is None and "max_choices" not in self.errors:
            self.add_error("max_choices", _("Please say how many items one may choose."))
        if kind and kind != PollKind.CHOOSE:
            for name in ("max_choices", "adopted_count"):
                if data.get(name) is not None:
                    self.add_error(name, _("In a vote for or against each item this stays empty."))
        if not data.get("tie_rule") and self.instance.pk and "tie_rule" in self.fields:
            data["tie_rule"] = self.instance.assembly.rule_set.for_assemblies().tie_rule.value
        return data


class ReasonForm(forms.Form):
    """Why a step is taken that needs a reason."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text=gettext_lazy("One or two sentences, without names of persons."),
    )


class RemovalForm(forms.Form):
    """Why a person is taken off the roll."""

    reason = forms.CharField(
        label=gettext_lazy("reason"),
        max_length=200,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("One sentence, without names of persons, for example that they moved away."),
    )


class FindVoterForm(forms.Form):
    """Who is to be put on the roll: sent with POST, so that no name stands in an address."""

    name = forms.CharField(label=gettext_lazy("name"), max_length=NAME_LENGTH)
    birth_date = forms.DateField(label=gettext_lazy("date of birth"), widget=DayInput())

    def clean_birth_date(self) -> date:
        day: date = self.cleaned_data["birth_date"]
        if not EARLIEST_BIRTH <= day <= timezone.localdate():
            raise forms.ValidationError(_("This cannot be a date of birth."))
        return day


class PupilForm(forms.Form):
    """Who is to be put on the roll of a school assembly: no account and no name."""

    reference = forms.CharField(
        label=gettext_lazy("class and number"),
        max_length=LONGEST_REFERENCE,
        help_text=gettext_lazy("For example 5-2-14. Never a name."),
    )
    basis = forms.ChoiceField(label=gettext_lazy("basis"), choices=Basis.choices, initial=Basis.STUDYING)


class PupilsForm(forms.Form):
    """The pupils of a school, one in a line, as they are typed or copied from a table; every fault is named by line."""

    references = forms.CharField(
        label=gettext_lazy("class and number, one in a line"),
        max_length=MOST_PUPILS * (LONGEST_REFERENCE + 2),
        widget=forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField"}),
        help_text=gettext_lazy(
            "For example 5-2-14. Columns copied from a table are joined with a hyphen. Empty lines are left out. Never "
            "a name."
        ),
    )
    basis = forms.ChoiceField(label=gettext_lazy("basis"), choices=Basis.choices, initial=Basis.STUDYING)

    def __init__(self, data: Mapping[str, Any] | None, *, assembly: Assembly) -> None:
        super().__init__(data)
        self.assembly = assembly

    def clean_references(self) -> list[str]:
        """The references in their order. Nothing is taken if any line is at fault."""
        lines = [
            (number, "-".join(line.split()))
            for number, line in enumerate(self.cleaned_data["references"].splitlines(), start=1)
            if line.strip()
        ]
        if len(lines) > MOST_PUPILS:
            raise forms.ValidationError(
                _("These are %(count)s lines. Please add %(most)s at most at once.")
                % {"count": f"{len(lines):,}", "most": f"{MOST_PUPILS:,}"}
            )
        known = set(
            self.assembly.roll.filter(reference__in={reference for _number, reference in lines}).values_list(
                "reference", flat=True
            )
        )
        first: dict[str, int] = {}
        faults = []
        for number, reference in lines:
            fault = self._fault(reference, known, first.get(reference))
            first.setdefault(reference, number)
            if fault:
                faults.append(_("Line %(number)s: %(fault)s") % {"number": number, "fault": fault})
        if len(faults) > MOST_FAULTS_SAID:
            more = len(faults) - MOST_FAULTS_SAID
            text = ngettext("%(count)s more line is at fault.", "%(count)s more lines are at fault.", more)
            faults = [*faults[:MOST_FAULTS_SAID], text % {"count": more}]
        if faults:
            raise forms.ValidationError(faults)
        return [reference for _number, reference in lines]

    def _fault(self, reference: str, known: Collection[str], earlier: int | None) -> str:
        """What is wrong with one line; "" if nothing is. A name is not said again."""
        if not any(sign.isdecimal() for sign in reference):
            return _("there is no number in it. Please write class and number, never a name.")
        if len(reference) > LONGEST_REFERENCE:
            return _("it is longer than %(most)s signs.") % {"most": LONGEST_REFERENCE}
        if earlier is not None:
            return _("“%(reference)s” stands in line %(earlier)s already.") % {
                "reference": reference,
                "earlier": earlier,
            }
        if reference in known:
            return _("“%(reference)s” is on the voter roll already, or was taken off it.") % {"reference": reference}
        return ""


class PlacesForm(forms.Form):
    """Each item of the agenda with its place: on the agenda, or on a ballot, where an item may have none."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        items: Sequence[AgendaItem],
        places: Mapping[int, int],
        all_placed: bool = False,
    ) -> None:
        super().__init__(data)
        for item in items:
            self.fields[f"{POSITION_PREFIX}{item.pk}"] = forms.IntegerField(
                label=f"{item.number}. {item.title}",
                widget=forms.NumberInput(attrs=NUMBER),
                required=all_placed,
                min_value=1,
                max_value=HIGHEST_NUMBER,
                initial=places.get(item.pk),
            )

    def clean(self) -> dict[str, Any]:
        """{"items": ids of the items in the order of their places}."""
        data: dict[str, Any] = super().clean() or {}
        unknown = {name for name in self.data if name.startswith(POSITION_PREFIX)} - set(self.fields)
        if unknown:
            raise forms.ValidationError(_("Only items of this assembly’s agenda have a place here."))
        placed = sorted((place, name) for name, place in data.items() if place is not None)
        places = [place for place, _name in placed]
        if len(set(places)) < len(places):
            raise forms.ValidationError(_("Two items have the same place."))
        return {"items": [int(name.removeprefix(POSITION_PREFIX)) for _place, name in placed]}
