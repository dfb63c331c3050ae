"""Choices in the forms of the desk: what this official sees, and nothing beyond."""

from typing import Any

from django import forms
from django.contrib.admin.exceptions import NotRegistered
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _


class OwnChoicesField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Several rows; a number that is too large for the database is no choice, as any other that is not offered."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            raise forms.ValidationError(_("Please choose only from what is offered.")) from error


class ScopedFields:
    """Choices of foreign keys keep to the same regions as the lists do."""

    admin_site: Any

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        return super().formfield_for_manytomany(  # type: ignore[misc]
            db_field, request, form_class=OwnChoicesField, **kwargs
        )

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any]:
        """Rows of the related list that this official sees; a table that is not on the desk offers none."""
        del db
        related: type[Model] = db_field.remote_field.model
        try:
            related_admin = self.admin_site.get_model_admin(related)
        except NotRegistered:
            return related._default_manager.none()
        queryset: QuerySet[Any] = related_admin.get_queryset(request)
        return queryset

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Without the links that open related forms in windows: they work by script only."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        for link in ("can_add_related", "can_change_related", "can_delete_related", "can_view_related"):
            if field is not None and hasattr(field.widget, link):
                setattr(field.widget, link, False)
        return field
