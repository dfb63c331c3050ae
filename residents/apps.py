"""People, places and roles."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# What the audit log calls what is done here.
ACTIONS = {
    "residents.account_opened": _("Account opened"),
    "residents.person_registered": _("Person registered"),
    "residents.profile_updated": _("Profile changed"),
    "residents.account_deactivated": _("Account switched off"),
    "residents.account_reactivated": _("Account switched on again"),
    "residents.password_changed": _("Password changed"),
    "residents.password_reset": _("Password set anew by mail"),
    "residents.mail_changed": _("Mail address changed"),
    "residents.mail_confirmed": _("Mail address confirmed"),
    "residents.second_factor_added": _("Second factor set up"),
    "residents.second_factor_removed": _("Second factor removed"),
    "residents.second_factors_re_encrypted": _("Second factors encrypted anew"),
    "residents.consent_given": _("Consent given"),
    "residents.consent_withdrawn": _("Consent withdrawn"),
    "residents.guardian_consent_recorded": _("Guardian's consent recorded"),
    "residents.residence_declared": _("Residence declared"),
    "residents.declaration_withdrawn": _("Declaration taken back"),
    "residents.residence_verified": _("Residence verified"),
    "residents.residence_refused": _("Residence not confirmed"),
    "residents.residence_ended": _("Residence ended"),
    "residents.death_recorded": _("Death recorded"),
    "residents.person_erased": _("Personal data erased"),
    "residents.role_granted": _("Role granted"),
    "residents.role_ended": _("Role ended"),
    "residents.region_added": _("Region added"),
    "residents.region_changed": _("Region changed"),
    "residents.office_term_added": _("Term of office added"),
    "residents.office_term_changed": _("Term of office changed"),
    "residents.office_terms_imported": _("Terms of office imported"),
    "residents.election_added": _("Local election added"),
    "residents.election_changed": _("Local election changed"),
    "residents.election_removed": _("Local election removed"),
    "residents.list_taken_out": _("List with personal data taken as a file"),
}


class ResidentsConfig(AppConfig):
    name = "residents"
    verbose_name = _("Residents and regions")

    def ready(self) -> None:
        from core.audit import actions  # noqa: PLC0415 - models are loaded by now
        from core.jobs.imports.importers import importers_for, register_importer  # noqa: PLC0415
        from residents import (  # noqa: F401, PLC0415
            exports,
            jobs_permissions,
            notices_data,
            notices_permissions,
            permissions,
            personal_data,
            signals,
        )
        from residents.audit_reviews import state_of_the_chain, waiting_reviews  # noqa: PLC0415
        from residents.desk.shelves import Page, Shelf, put_on_shelf, put_page_on_shelf  # noqa: PLC0415
        from residents.desk.waiting import register_waiting  # noqa: PLC0415
        from residents.imports import OFFICE_TERMS  # noqa: PLC0415
        from residents.services.endings import erase_residents_data  # noqa: PLC0415
        from residents.waiting import residences_to_check, roles_to_look_after  # noqa: PLC0415

        register_importer(OFFICE_TERMS)
        signals.connect()
        personal_data.register("residents", export=exports.sections, erase=erase_residents_data)
        personal_data.register("notices", export=notices_data.sections, erase=notices_data.erase)
        register_waiting(notices_data.mailings_to_look_after)
        actions.register(ACTIONS)
        register_waiting(residences_to_check)
        register_waiting(roles_to_look_after)
        register_waiting(waiting_reviews)
        register_waiting(state_of_the_chain)
        put_on_shelf(
            Shelf.PEOPLE,
            {
                "residents.residence": _("Check who lives, works or studies in the dong, so that they can vote."),
                "residents.user": _("Switch accounts off and on again."),
                "residents.consent": _("See which texts on personal data were agreed to."),
            },
        )
        put_on_shelf(
            Shelf.PLACES,
            {
                "residents.roleassignment": _("Say which official may do what, where, and until when."),
                "residents.region": _("Provinces, districts and dongs with their figures."),
                "residents.officeterm": _("Elected heads and their terms."),
                "residents.localelection": _("Days before which publicity and events are restricted."),
            },
        )
        put_on_shelf(
            Shelf.RECORDS,
            {
                "audit.auditentry": _("What was done, by whom and when; nobody can change it afterwards."),
                "audit.accessentry": _("Who opened whose personal data."),
                "audit.accessreview": _("The monthly look at the access log."),
                "notices.mailing": _("Mailings: what went out, what failed, what has to be decided."),
                "notices.delivery": _("Every single message of the mailings."),
                "jobs.job": _("Documents, imports and mass mails: what goes on, what failed and why."),
            },
        )
        put_page_on_shelf(
            Shelf.PAPERS,
            Page(
                address="imports:index",
                name=_("Import"),
                about=_("Bring a table as a file, and see what becomes of each row before it is written."),
                may_open=lambda user: bool(importers_for(user)),
            ),
        )
