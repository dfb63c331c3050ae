"""The councils' lists at the desk, in the order of the menu, and what each is for."""

from django.utils.translation import gettext_lazy as _

LISTS = {
    # --- recruitment and applications ---
    "councils.recruitment": _("Calls for members: dates, quotas, decisions, the pool."),
    "councils.application": _("Who applied, what is still to be checked, and who has the hours."),
    "councils.educationfigure": _("What published sources say of courses, with their places."),
    # --- draws ---
    "councils.draw": _("Lotteries computed, frozen, drawn, declared void."),
    "councils.customarydraw": _("Draws by the ways that an ordinance prescribes, ball by ball."),
    # --- roster ---
    "councils.council": _("Seats, members and main work of each council."),
    # --- members, subcommittees, meetings ---
    "councils.councilterm": _("From when to when each council was appointed, with how many seats."),
    "councils.member": _("Who serves in which council; resignation, vacancies, certificates."),
    "councils.subcommittee": _("Subcommittees: founded, dissolved, who sits in them."),
    "councils.subcommitteeseat": _("Requests of residents to join, and seats."),
    "councils.councilmeeting": _("Meetings of councils: plan, call, hold, minute."),
    # --- work, agreements, programmes, fund ---
    "councils.workitem": _("What councils work on: own, consulted and entrusted affairs."),
    "councils.agreement": _("What the district entrusts to councils, since when and until when."),
    "councils.programme": _("Courses and clubs of the residents’ centres."),
    "councils.enrolment": _("Who takes part, who waits, who paid."),
    "councils.fundsettlement": _("Village funds, year by year as they were settled."),
    # --- calls, plans, support staff ---
    "councils.conversioncall": _("Calls to the dongs to convert their committee to a council."),
    "councils.conversionbid": _("Dongs that answered, how they were judged, who was chosen."),
    "councils.rolloutplan": _("How many councils a year, as plans print it and as it came."),
    "councils.supportstaff": _("Who supports councils: assignments, career, training, certificates."),
}
