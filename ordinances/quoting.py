"""Rules quoted where they bind: what a rule set says, in which article, and where it can be read in full."""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ordinances.models import Rule, RuleSet
from ordinances.rulesets import Parameter
from ordinances.wording import parameter_name, value_in_words


def quote(rule_set: RuleSet, parameter: Parameter) -> SafeString:
    """One line: rule, value, and a link with the title of the rule set and the article; "" where it says nothing.

    What is uncertain about the rule is said behind it. Prefetched `rules` cost no query.
    """
    rule = next((rule for rule in rule_set.rules.all() if rule.name == parameter.value), None)
    if rule is None:
        return SafeString("")
    try:
        value = value_in_words(rule.name, rule.value)
    except ValueError:
        return SafeString("")
    line = format_html(
        "<strong>{}</strong> {} – {}",
        _("%(rule)s:") % {"rule": parameter_name(parameter)},
        value,
        _cited(rule_set, rule),
    )
    if rule.doubt:
        return format_html("{} ({})", line, _("to be confirmed: %(doubt)s") % {"doubt": rule.doubt})
    return line


def _cited(rule_set: RuleSet, rule: Rule) -> SafeString:
    """“Title, article” as a link to the whole rule set; only the title where the article is not known."""
    words = {"title": rule_set.title, "article": rule.article.strip()}
    text = _("“%(title)s”, %(article)s") % words if words["article"] else _("“%(title)s”") % words
    return format_html('<a href="{}">{}</a>', rule_set.get_absolute_url(), text)


def quotes(rule_set: RuleSet, *parameters: Parameter) -> SafeString:
    """Several lines below each other, without those that the rule set does not say."""
    return format_html_join("", "<div>{}</div>", ((line,) for one in parameters if (line := quote(rule_set, one))))
