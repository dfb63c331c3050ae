from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdinancesConfig(AppConfig):
    name = "ordinances"
    verbose_name = _("Ordinances and rule sets")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from ordinances import permissions  # noqa: F401, PLC0415 - registers the predicates
        from residents.desk.shelves import Shelf, put_on_shelf  # noqa: PLC0415

        actions.register(
            {
                "ordinances.rule_set_created": _("Rule set made"),
                "ordinances.rule_set_changed": _("Rule set changed"),
                "ordinances.rule_set_copied": _("New version of a rule set made"),
                "ordinances.rule_set_locked": _("Rule set taken into use"),
                "ordinances.ordinance_added": _("Ordinance put into the library"),
                "ordinances.ordinance_changed": _("Ordinance in the library changed"),
                "ordinances.version_added": _("Version of an ordinance added"),
                "ordinances.version_changed": _("Version of an ordinance changed"),
                "ordinances.version_removed": _("Version of an ordinance removed"),
            }
        )
        put_on_shelf(
            Shelf.BODIES,
            {
                "ordinances.ruleset": _("What an ordinance lays down: quorum, notice, seats, shares, who may vote."),
                "ordinances.ordinance": _("Ordinances of the municipality, for everybody to look up."),
                "ordinances.ordinanceversion": _("What was enacted, amended and repealed when, with its articles."),
            },
        )
