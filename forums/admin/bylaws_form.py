"""Bylaws as a form: the rules as fields with their articles, the articles as one text."""

from typing import Any, ClassVar

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.articles import EXAMPLE, Article, UnreadableArticlesError, read_articles, write_articles
from forums.bylaws import Asked, read_rules
from forums.models import Bylaws


def articles_of(text: str) -> list[Article]:
    """The articles in a text whose headings stand in lines of their own. Raises ValidationError with what is wrong."""
    try:
        return read_articles(text)
    except UnreadableArticlesError as error:
        if error.code == "no_heading":
            said = _("The text begins with the heading of its first article, for example “%(heading)s”.")
            raise forms.ValidationError(said % {"heading": EXAMPLE}) from error
        if error.code == "none":
            raise forms.ValidationError(_("There is no article in the text.")) from error
        said = _("Without a text: %(articles)s")
        raise forms.ValidationError(said % {"articles": ", ".join(error.numbers)}) from error


def text_of(bylaws: Bylaws) -> str:
    """The articles as one text, as `articles_of` reads it."""
    return write_articles(Article(one.number, one.title, one.text) for one in bylaws.articles.all())


class BylawsForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft. A new one begins with what the latest version says."""

    RULES: ClassVar = (
        "co_chairs",
        "auditors_least",
        "auditors_most",
        "committee_least",
        "committee_most",
        "term_years",
        "general_month",
        "callers_members",
        "callers_co_chairs",
        "chair_is_co_chair",
        "provinces",
        "by_resolution",
    )

    co_chairs = forms.IntegerField(label=gettext_lazy("co-chairs"), min_value=1, max_value=100)
    auditors_least = forms.IntegerField(label=gettext_lazy("auditors, at least"), min_value=0, max_value=100)
    auditors_most = forms.IntegerField(label=gettext_lazy("auditors, at most"), min_value=1, max_value=100)
    committee_least = forms.IntegerField(label=gettext_lazy("committee, at least"), min_value=0, max_value=1000)
    committee_most = forms.IntegerField(label=gettext_lazy("committee, at most"), min_value=1, max_value=1000)
    term_years = forms.IntegerField(label=gettext_lazy("years of a term"), min_value=1, max_value=10)
    general_month = forms.IntegerField(label=gettext_lazy("month of the general assembly"), min_value=1, max_value=12)
    callers_members = forms.IntegerField(
        label=gettext_lazy("members who may call an extraordinary assembly"), min_value=1, max_value=1000
    )
    callers_co_chairs = forms.IntegerField(
        label=gettext_lazy("co-chairs who may call an extraordinary assembly"), min_value=1, max_value=100
    )
    chair_is_co_chair = forms.BooleanField(
        label=gettext_lazy("the chair of the committee is one of the co-chairs"), required=False
    )
    provinces = forms.BooleanField(label=gettext_lazy("heads of provinces are regular members"), required=False)
    by_resolution = forms.BooleanField(
        label=gettext_lazy("advisers and partners need a resolution of the committee"), required=False
    )
    articles_text = forms.CharField(
        label=gettext_lazy("articles"),
        widget=forms.Textarea(attrs={"rows": 30, "lang": "ko"}),
        help_text=format_lazy(
            gettext_lazy("Each article begins with its heading in a line of its own, for example “{heading}”."),
            heading=EXAMPLE,
        ),
    )

    class Meta:
        model = Bylaws
        fields = ("note",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        like = self.instance if self.instance.pk else Bylaws.objects.order_by("-number").first()
        if like is not None:
            self.initial = {**_initial(like), **self.initial}

    def clean_articles_text(self) -> list[Article]:
        return articles_of(self.cleaned_data["articles_text"])

    def rules(self) -> dict[str, Any]:
        """The parameters as a version keeps them; the articles they come from are those of the version before."""
        data = self.cleaned_data
        like = self.instance if self.instance.pk else Bylaws.objects.order_by("-number").first()
        known = like.rules if like else {}
        values: dict[Asked, Any] = {
            Asked.CO_CHAIRS: data["co_chairs"],
            Asked.AUDITORS: [data["auditors_least"], data["auditors_most"]],
            Asked.COMMITTEE: [data["committee_least"], data["committee_most"]],
            Asked.CHAIR_IS_CO_CHAIR: data["chair_is_co_chair"],
            Asked.TERM_YEARS: data["term_years"],
            Asked.GENERAL_MONTH: data["general_month"],
            Asked.CALLERS_MEMBERS: data["callers_members"],
            Asked.CALLERS_CO_CHAIRS: data["callers_co_chairs"],
            Asked.PROVINCES: data["provinces"],
            Asked.BY_RESOLUTION: data["by_resolution"],
            Asked.QUORUM: "majority",
        }
        usual = {
            Asked.PROVINCES: "2",
            Asked.COMMITTEE: "5",
            Asked.CHAIR_IS_CO_CHAIR: "5",
            Asked.GENERAL_MONTH: "7",
            Asked.CALLERS_MEMBERS: "7",
            Asked.CALLERS_CO_CHAIRS: "7",
            Asked.QUORUM: "7",
            Asked.BY_RESOLUTION: "9",
        }
        return {
            asked.value: {"value": value, "article": known.get(asked, {}).get("article") or usual.get(asked, "4")}
            for asked, value in values.items()
        }


def _initial(like: Bylaws) -> dict[str, Any]:
    rules = read_rules(like.rules)
    return {
        "co_chairs": rules.co_chairs,
        "auditors_least": rules.auditors.least,
        "auditors_most": rules.auditors.most,
        "committee_least": rules.committee.least,
        "committee_most": rules.committee.most,
        "term_years": rules.term_years,
        "general_month": rules.general_month,
        "callers_members": rules.callers_members,
        "callers_co_chairs": rules.callers_co_chairs,
        "chair_is_co_chair": rules.chair_is_co_chair,
        "provinces": rules.provinces,
        "by_resolution": rules.by_resolution,
        "articles_text": text_of(like),
    }
