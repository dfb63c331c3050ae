"""The application for membership: the fields of the club's paper form. It never asks for a resident number."""

import re
import uuid
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forums.consents import MEMBERSHIP
from forums.models import Application
from forums.places import Place, meant_by
from forums.services.applications import Given
from forums.states import MemberKind
from residents.forms import BirthDateField, ConsentMixin, NameField, PhoneField
from residents.models import Region
from residents.states import Office, RegionLevel

RESIDENT_NUMBER = re.compile(r"\d{6}[\s-]*[1-8]\d{6}")
HANJA = re.compile("[㐀-䶿一-鿿豈-﫿\U00020000-\U0002fa1f ·]+")  # korean: the ranges of hanja
OF_PROVINCES = frozenset({Office.MAYOR_METRO, Office.GOVERNOR})


def regions_to_choose(day: date) -> list[Region]:
    """Provinces, metropolitan cities and what lies in them, on `day`, in the order of the codes."""
    regions = Region.objects.valid_on(day).exclude(level=RegionLevel.DONG)
    return list(regions.select_related("parent").order_by("path"))


class RegionField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice among regions, in groups by province; nothing leaves it to the name that was written."""

    def __init__(self, regions: list[Region], **kwargs: Any) -> None:
        queryset = Region.objects.exclude(level=RegionLevel.DONG).select_related("parent")
        super().__init__(queryset=queryset, required=False, **kwargs)
        self.choices = [("", _("as written above")), *_by_province(regions)]

    def offer_only(self, regions: list[Region]) -> None:
        """Offer these alone, each with its province."""
        self.choices = [("", _("Please choose")), *((region.pk, region.full_name) for region in regions)]


def _by_province(regions: Iterable[Region]) -> Iterator[tuple[str, list[tuple[int, str]]]]:
    for province, group in groupby(regions, key=lambda region: region.parent or region):
        yield str(province), [(region.pk, region.local_name) for region in group]


class PlainTextField(forms.CharField):
    """A text on one line, of signs that can be printed, that holds no resident registration number.

    What stands here is printed in lists and books, where some signs would spoil the whole file.
    """

    def clean(self, value: Any) -> str:
        text = " ".join(super().clean(value).split())
        if not text.isprintable():
            raise ValidationError(_("This holds signs that cannot be printed. Please write it with the keyboard anew."))
        if RESIDENT_NUMBER.search(text):
            raise ValidationError(
                _("This looks like a resident registration number. Please leave it out; we never keep it.")
            )
        return text


# What the page of an application never tells, not even to whoever holds its address.
NOT_SHOWN_AGAIN = ("birth_date", "phone", "mobile", "email", "address")


class ApplicationForm(ConsentMixin):
    """What an applicant writes. With `consent` the text and its box stand below."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label=_("Which membership you wish"),
        widget=forms.RadioSelect,
        choices=[
            (MemberKind.REGULAR, _("regular member: I hold the office today")),
            (MemberKind.HONORARY, _("honorary member: I held it before")),
        ],
        error_messages={"required": _("Please choose which membership you wish.")},
    )
    name = NameField(max_length=40)
    name_hanja = forms.CharField(
        label=_("Name in hanja"), max_length=20, required=False, help_text=_("As the directory shall print it.")
    )
    organisation = PlainTextField(
        label=_("Local government"),
        max_length=80,
        help_text=_("For example “Osan City”. Former heads write the one they led."),
        error_messages={"required": _("Please write the name of the local government.")},
    )
    office = forms.ChoiceField(
        label=_("Office"),
        choices=[("", _("Please choose")), *Office.choices],
        error_messages={"required": _("Please choose the office.")},
    )
    birth_date = BirthDateField()
    phone = PhoneField(label=_("Telephone"), required=False)
    mobile = PhoneField(
        label=_("Mobile phone"), error_messages={"required": _("Please write a number under which we reach you.")}
    )
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        help_text=_("We write to this address what becomes of the application."),
        error_messages={
            "required": _("Please write a mail address."),
            "invalid": _("This is no mail address. Example: name@example.org"),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    address = PlainTextField(label=_("Address"), max_length=200, required=False)
    pledged = forms.BooleanField(
        label=_(
            "I agree with the founding statement and the purpose of the club, and take on the rights and duties of a "
            "member."
        ),
        error_messages={"required": _("Without this nobody can become a member. Please read it and tick the box.")},
    )

    def __init__(self, *args: Any, regions: list[Region], with_consent: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._regions = regions
        self.fields["key"].initial = self.fields["key"].initial or uuid.uuid4
        self.fields["region"] = RegionField(
            regions,
            label=_("Region"),
            help_text=_(
                "You need not look through this list: the name above is enough. We ask if several are called so."
            ),
        )
        names = ["key", "kind", "name", "name_hanja", "organisation", "region", "office", "birth_date"]
        self.order_fields([*names, "phone", "mobile", "email", "address", "pledged"])
        if with_consent:
            self.ask_consent(MEMBERSHIP)
        else:
            self._ask_only_for_changes()

    def _ask_only_for_changes(self) -> None:
        """Whoever opens the applicant's address sees none of these fields; left empty they stay as they were."""
        for name in NOT_SHOWN_AGAIN:
            self.fields[name].required = False
            self.fields[name].help_text = _("Not shown here. Left empty, it stays as you wrote it.")

    def clean_name_hanja(self) -> str:
        name = " ".join(self.cleaned_data["name_hanja"].split())
        if name and not HANJA.fullmatch(name):
            raise ValidationError(_("Please write only hanja here, or leave it out."))
        return name

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("organisation") and not data.get("region") and "region" not in self.errors:
            data["region"] = self._region_meant(data["organisation"], data.get("office", ""))
        region, office = data.get("region"), data.get("office")
        if region and office and (region.level == RegionLevel.PROVINCE) != (office in OF_PROVINCES):
            self.add_error("office", _("This region has no such office. Please check region and office."))
        return data

    def _region_meant(self, words: str, office: str) -> Region | None:
        """The region that is called so; None for none. Several are an error, and the list then offers only them."""
        level = RegionLevel.PROVINCE if office in OF_PROVINCES else RegionLevel.MUNICIPALITY
        regions = {region.pk: region for region in self._regions if not office or region.level == level}
        places = [
            Place(region.pk, region.name, region.parent.name if region.parent else "", region.name_en)
            for region in regions.values()
        ]
        found = [regions[place.key] for place in meant_by(words, places)]
        if len(found) <= 1:
            return found[0] if found else None
        field = self.fields["region"]
        assert isinstance(field, RegionField)  # noqa: S101 - set by __init__
        field.offer_only(found)
        self.add_error("region", _("Several local governments are called so. Please choose yours."))
        return None

    def given(self) -> Given:
        """What was written, once the form is valid."""
        names = ("kind", "name", "name_hanja", "organisation", "office", "birth_date", "phone", "mobile", "email")
        values = {name: self.cleaned_data[name] for name in names}
        return Given(
            **values,
            region=self.cleaned_data["region"],
            address=self.cleaned_data["address"],
            pledged=self.cleaned_data["pledged"],
        )


def as_written(application: Application) -> dict[str, Any]:
    """The fields of an application, for the form in which it is mended."""
    names = ("key", "kind", "name", "name_hanja", "organisation", "office")
    values = {name: getattr(application, name) for name in names}
    return {**values, "region": application.region_id, "pledged": False}
