"""Input of rule sets at the desk: each rule is asked for in its own words."""

import json
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.articles import EXAMPLE, Article, UnreadableArticlesError, read_articles, write_articles
from ordinances.inputs import FIELDS
from ordinances.models import OrdinanceVersion, Rule
from ordinances.preset_files import presets
from ordinances.rulesets import Parameter, read_parameter
from ordinances.services import RuleInput
from ordinances.wording import PARAMETER_NAMES, expected_value, parameter_name
from residents.desk.inputs import TO_CHOOSE, DayInput, name_empty_choice
from residents.models import Region

if TYPE_CHECKING:
    _RuleModelForm = forms.ModelForm[Rule]
    _VersionModelForm = forms.ModelForm[OrdinanceVersion]
    _RuleFormSet = forms.BaseInlineFormSet[Rule, Any, Any]
else:
    _RuleModelForm = forms.ModelForm
    _VersionModelForm = forms.ModelForm
    _RuleFormSet = forms.BaseInlineFormSet

LONGEST_NUMBER = 10
LONGEST_TITLE = 80


class RuleForm(_RuleModelForm):
    """One rule. Which one it is stands fast, and its value is asked for as what it is: years, days, a choice.

    A rule that this version of the site does not know shows its value as it was written down.
    """

    name = forms.ChoiceField(
        label=gettext_lazy("parameter"), choices=[(name.value, label) for name, label in PARAMETER_NAMES.items()]
    )
    value = forms.CharField(label=gettext_lazy("value"), widget=forms.Textarea(attrs={"rows": 2, "cols": 40}))

    class Meta:
        model = Rule
        fields = ("name", "value", "article", "doubt", "cites")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name = (
            self.data.get(self.add_prefix("name"))
            if self.is_bound
            else self.get_initial_for_field(self.fields["name"], "name")
        )
        self.parameter = Parameter(name) if name in set(Parameter) else None
        if self.parameter is not None:
            field = FIELDS[self.parameter]()
            field.label = gettext_lazy("value")
            self.fields["value"] = field
            self.fields["name"].widget = forms.HiddenInput()
        elif self.instance.pk:
            self.initial["value"] = json.dumps(self.instance.value, ensure_ascii=False)

    @property
    def heading(self) -> str:
        """What the rule is called."""
        return parameter_name(self.parameter) if self.parameter else self.instance.name

    def clean(self) -> dict[str, Any] | None:
        """Holds the value against the parameter; what it may be is said where it is wrong."""
        data = super().clean()
        if data and "name" in data and "value" in data:
            parameter = Parameter(data["name"])
            try:
                read_parameter(parameter, data["value"])
            except ValueError:
                text = _("The value of “%(name)s” is not right. %(expected)s")
                self.add_error(
                    "value", text % {"name": parameter_name(parameter), "expected": expected_value(parameter)}
                )
        return data

    def as_input(self) -> RuleInput:
        """The row as the service takes it; only of a valid form."""
        data = self.cleaned_data
        return RuleInput(data["name"], data["value"], data["article"], data["doubt"], data.get("cites"))


class RulesFormSet(_RuleFormSet):
    """The rules that are there, and below them one empty row for each that is not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial_extra = [{"name": name.value} for name in missing_rules(self.instance)]

    def add_fields(self, form: Any, index: int | None) -> None:
        """The articles are read once for all rows."""
        super().add_fields(form, index)
        if "cites" in form.fields:
            form.fields["cites"].choices = self._articles

    @cached_property
    def _articles(self) -> list[tuple[Any, str]]:
        version = self.instance.ordinance_version
        articles = version.articles.all() if version is not None else ()
        return [("", _("none")), *((article.pk, article.heading) for article in articles)]


def missing_rules(rule_set: Any) -> list[Parameter]:
    """The parameters that `rule_set`, or a new one, does not say yet."""
    said = set(rule_set.rules.values_list("name", flat=True)) if rule_set is not None and rule_set.pk else set()
    return [name for name in Parameter if name not in said]


class NewVersionForm(forms.Form):
    version = forms.CharField(label=gettext_lazy("version"), max_length=40)
    valid_from = forms.DateField(label=gettext_lazy("in force from"), widget=DayInput())


class PresetForm(forms.Form):
    """Which preset is taken over, for whom, and in what the copy differs."""

    region = forms.ModelChoiceField(label=gettext_lazy("region"), queryset=Region.objects.none())
    preset = forms.ChoiceField(label=gettext_lazy("preset"))
    version = forms.CharField(
        label=gettext_lazy("version"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Left empty: as the preset calls it."),
    )
    valid_from = forms.DateField(
        label=gettext_lazy("in force from"),
        widget=DayInput(),
        required=False,
        help_text=gettext_lazy("Left empty: the first day of the preset."),
    )

    def __init__(self, regions: QuerySet[Region], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].queryset = regions  # type: ignore[attr-defined]
        name_empty_choice(self.fields["region"])
        listed = [(one.key, f"{one.title} ({one.version})") for one in presets().values()]
        self.fields["preset"].choices = [("", TO_CHOOSE), *listed]  # type: ignore[attr-defined]


class VersionForm(_VersionModelForm):
    """A version of an ordinance with its articles as one text."""

    articles_text = forms.CharField(
        label=gettext_lazy("articles"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 20, "lang": "ko"}),
        help_text=format_lazy(
            gettext_lazy(
                "Each article begins with its heading in a line of its own, for example “{heading}”. Leave it empty "
                "where the articles are not known."
            ),
            heading=EXAMPLE,
        ),
    )

    url = forms.URLField(
        label=gettext_lazy("address of the text"), max_length=500, required=False, assume_scheme="https"
    )

    class Meta:
        model = OrdinanceVersion
        fields = ("ordinance", "act", "day", "in_force_from", "number", "source", "url", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            known = [Article(one.number, one.title, one.text) for one in self.instance.articles.all()]
            self.initial["articles_text"] = write_articles(known)

    def clean_articles_text(self) -> list[Article]:
        """The articles; none where the text is empty."""
        text = self.cleaned_data["articles_text"]
        if not text.strip():
            return []
        try:
            articles = read_articles(text)
        except UnreadableArticlesError as error:
            if error.code == "no_heading":
                said = _("The text begins with the heading of its first article, for example “%(heading)s”.")
                raise forms.ValidationError(said % {"heading": EXAMPLE}) from error
            said = _("Without a text: %(articles)s")
            raise forms.ValidationError(said % {"articles": ", ".join(error.numbers)}) from error
        if any(len(one.number) > LONGEST_NUMBER or len(one.title) > LONGEST_TITLE for one in articles):
            raise forms.ValidationError(_("The heading of an article is too long. Its text begins in the next line."))
        return articles
