"""The line of steps to the vote on pages that allauth draws, which know nothing of it."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from residents.way import Stage, steps_to_vote

register = template.Library()


@register.inclusion_tag("components/steps.html")
def way_to_vote(now: str) -> dict[str, Any]:
    """The four steps with `now` marked: the name of a stage in small letters."""
    return {"steps": steps_to_vote(Stage[now.upper()]), "label": _("Your way to the vote")}
