"""Under which rules: one rule set in words."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from core.pages import public_page
from ordinances.checked_table import anchor_of
from ordinances.models import Rule, RuleSet
from ordinances.queries import with_rules
from ordinances.rulesets import COUNCIL_PARAMETERS, Parameter
from ordinances.wording import parameter_name, value_in_words


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter for a reader."""

    name: str
    value: str
    rule: Rule
    anchor: str


def lines_of(rule_set: RuleSet, *, councils: bool) -> list[Line]:
    """The parameters of assemblies or of councils, in the order in which the house names them."""
    said = {rule.name: rule for rule in rule_set.rules.all()}
    return [
        Line(parameter_name(name), value_in_words(name, said[name].value), said[name], anchor_of(name))
        for name in Parameter
        if name in said and (name in COUNCIL_PARAMETERS) == councils
    ]


@require_safe
@public_page
def rule_set_page(request: HttpRequest, pk: int) -> HttpResponse:
    rule_sets = with_rules(RuleSet.objects.select_related("region__parent", "ordinance_version__ordinance"))
    rule_set = get_object_or_404(rule_sets, pk=pk)
    context = {
        "rule_set": rule_set,
        "assembly_lines": lines_of(rule_set, councils=False),
        "council_lines": lines_of(rule_set, councils=True),
        "versions": RuleSet.objects.filter(region=rule_set.region).exclude(pk=pk).order_by("-valid_from", "-pk"),
    }
    return render(request, "ordinances/rule_set.html", context)
