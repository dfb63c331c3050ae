"""What the secretariat's lists share."""

from typing import ClassVar

from residents.admin.finding import FindsByWords
from residents.desk import ScopedAdmin
from residents.states import Role


class ClubAdmin(ScopedAdmin):
    """A list of the club: for the secretariat, wherever the members' regions are."""

    viewing_roles = (Role.CLUB_SECRETARIAT,)


class PersonsOfTheClubAdmin(ClubAdmin):
    """A list of persons who need no account: the access log names who read, not whose account it was."""

    personal_data: ClassVar[str]


class FoundPersonsAdmin(FindsByWords, PersonsOfTheClubAdmin):
    """Such a list of persons who hold no public office: they are looked up without a name in the address."""
