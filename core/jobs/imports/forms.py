"""What people choose on the way of an import."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.jobs.imports.headings import Head
from core.jobs.imports.importers import Importer
from core.tables import address

SHOWN_IN_CHOICE = 24


class UploadForm(forms.Form):
    """The file. What it is, is decided by its content."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("An Excel file (XLSX) or CSV, at most 20 MB. The sheet in front is read."),
        error_messages={
            "required": gettext_lazy("Please choose a file."),
            "empty": gettext_lazy("The file is empty."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt"}),
        max_length=500,
    )


class ColumnsForm(forms.Form):
    """Where each column of the importer stands in the file."""

    def __init__(self, data: Any = None, *, importer: Importer, head: Head, heading_row: int, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.importer = importer
        places = self._places(head, heading_row)
        for column in importer.columns:
            field = forms.ChoiceField(
                label=str(column.label),
                help_text=str(column.help),
                required=column.required,
                choices=[("", _("not in this file")), *places],
            )
            field.error_messages["required"] = _("Please choose the column of the file.")
            field.error_messages["invalid_choice"] = _("This column is not in the file.")
            self.fields[f"column_{column.name}"] = field

    def _places(self, head: Head, heading_row: int) -> list[tuple[str, str]]:
        """The columns of the file by letter, heading and first value."""
        rows = dict(head)
        headings = rows.get(heading_row, [])
        below = [cells for number, cells in head if number > heading_row]
        width = max((len(cells) for cells in rows.values()), default=0)
        places = []
        for place in range(width):
            heading = headings[place] if place < len(headings) else ""
            sample = next((cells[place] for cells in below if place < len(cells) and cells[place]), "")
            name = " · ".join(part for part in (address(place, 0)[:-1], heading[:SHOWN_IN_CHOICE]) if part)
            shown = f"{name} ({sample[:SHOWN_IN_CHOICE]})" if sample else name
            places.append((str(place), shown))
        return places

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        seen: dict[str, str] = {}
        for column in self.importer.columns:
            name = f"column_{column.name}"
            place = data.get(name)
            if place and place in seen:
                self.add_error(name, _("This column of the file was chosen twice. Please choose each of them once."))
            elif place:
                seen[place] = name
        return data

    @property
    def mapping(self) -> dict[str, int]:
        """Name of a column → its place in the file."""
        return {
            column.name: int(place)
            for column in self.importer.columns
            if (place := self.cleaned_data[f"column_{column.name}"])
        }


def initial_of(mapping: dict[str, int]) -> dict[str, str]:
    """What the form shows first."""
    return {f"column_{name}": str(place) for name, place in mapping.items()}
