"""The club's lists at the desk, in the order of the menu, and what each is for."""

from django.utils.translation import gettext_lazy as _

LISTS = {
    # --- members and applications ---
    "forums.application": _("Who wants to join: check, approve, refuse."),
    "forums.member": _("The register: terms of office, mails, who leaves and comes back."),
    "forums.memberaccount": _("Which accounts act for which member."),
    # --- officers, bylaws, meetings, dues ---
    "forums.clubmeeting": _("General assemblies and the committee: plan, call, elect."),
    "forums.appointment": _("Who leads the club, since when and until when."),
    "forums.bylaws": _("Versions of the bylaws, drafted, adopted, compared."),
    "forums.outsider": _("Speakers, advisers and others outside the membership."),
    "forums.partner": _("Organisations that work with the club."),
    "forums.duesrate": _("The amount of the monthly dues."),
    "forums.duescharge": _("What was charged, by member and month; errors are taken back here."),
    "forums.payment": _("What members paid."),
    "forums.refund": _("What members got back."),
    "forums.costshare": _("Costs of events that members share."),
    # --- events ---
    "forums.forum": _("Plan, publish and hold forums, academies and visits."),
    "forums.material": _("Files for the participants and the book of a forum."),
    # --- registrations, attendance, books ---
    "forums.registration": _("Who comes to which event: heads, proxies, officials, guests."),
    "forums.printedtotal": _("Totals of attendance that sources print."),
    # --- publications ---
    "forums.publication": _("Journal, book series, newsletters, forum books."),
}
