"""Publications at the secretariat's desk."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.admin.scope import ClubAdmin
from forums.filetypes import MOST_BYTES
from forums.models import Publication
from forums.services.publications import (
    FIELDS,
    add_publication,
    change_publication,
    publish_publication,
    set_publication_file,
    withdraw_publication,
)
from forums.states import PublicationStatus
from residents.desk import Act
from residents.desk.acts import current_user

MEGABYTE = 1024 * 1024


class PublicationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is said about a publication, and its PDF."""

    upload = forms.FileField(
        label=gettext_lazy("PDF file"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        help_text=gettext_lazy("A new file takes the place of the one before."),
    )

    class Meta:
        model = Publication
        fields = ("kind", "number", "title", "year", "issued_on", "summary", "forum", "source")

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if upload and upload.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB. Please make it smaller, for example its pictures.")
                % {"most": MOST_BYTES // MEGABYTE}
            )
        return upload


def _publish(request: HttpRequest, publication: Publication, data: dict[str, Any]) -> str:
    del data
    publish_publication(publication_id=publication.pk, actor=current_user(request), at=timezone.now())
    return _("The publication is in the archive now. Everybody sees it.")


def _withdraw(request: HttpRequest, publication: Publication, data: dict[str, Any]) -> str:
    del data
    withdraw_publication(publication_id=publication.pk, actor=current_user(request), at=timezone.now())
    return _("The publication is taken out of the archive. Only the secretariat sees it.")


@admin.register(Publication)
class PublicationAdmin(ClubAdmin):
    """The archive: entered once, published when it is ready."""

    form = PublicationForm
    made_in_series = True
    list_display = ("title", "kind", "number", "year", "pages", "status")
    list_filter = ("status", "kind", "year")
    search_fields = ("title", "summary")
    ordering = ("-year", "-issued_on", "-number", "-id")
    fields = ("kind", "number", "title", "year", "issued_on", "summary", "forum", "source", "upload")
    acts: ClassVar = (
        Act(
            name="publish",
            label=gettext_lazy("Publish"),
            permission="forums.change_publication",
            run=_publish,
            question=gettext_lazy("Everybody finds it in the archive; forum books can be opened by members only."),
            bulk_question=gettext_lazy(
                "Everybody finds them in the archive; forum books can be opened by members only."
            ),
            available=lambda publication: publication.status == PublicationStatus.DRAFT,
            bulk=True,
        ),
        Act(
            name="withdraw",
            label=gettext_lazy("Take out of the archive"),
            permission="forums.change_publication",
            run=_withdraw,
            question=gettext_lazy("It goes back into preparation. Its file is kept."),
            available=lambda publication: publication.status == PublicationStatus.PUBLISHED,
        ),
    )

    def save_through_service(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> Publication:
        user, now = current_user(request), timezone.now()
        values = {name: value for name, value in form.cleaned_data.items() if name in FIELDS}
        upload = form.cleaned_data.get("upload")
        if not change:
            data = upload.read() if upload else b""
            return add_publication(data=data, name=upload.name if upload else "", actor=user, at=now, **values)
        publication = change_publication(publication_id=obj.pk, changes=values, actor=user, at=now)
        if upload:
            return set_publication_file(
                publication_id=obj.pk, data=upload.read(), name=upload.name or "", actor=user, at=now
            )
        return publication
