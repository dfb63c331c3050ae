"""Names on the agenda inside of sentences."""

from django import template

from assemblies.wording import korean_names

register = template.Library()
register.filter(korean_names)
