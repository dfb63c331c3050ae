"""The directory of members, printed as a directory is: two columns, in the order of the names.

Source of the form: directory in the book of the 24th forum (January 2014): area, office, name with hanja, mails.
"""

from dataclasses import replace

import vobject
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from core.errors import RuleViolation
from core.signs import one_line
from core.templatetags.madang import day_text
from forums.queries.members import Entry, directory
from forums.states import MemberKind
from reports.content import Column, Paragraph, Report, Section, Style, Table, Tone
from reports.registry import Document, Format, Kind, Order, Parameter, Values
from reports.registry import register as register_document
from residents.models import User

NAME = "member-directory"
LONGEST_LINE = 75  # octets of a line of a vCard
UNFOLDED = 100_000
PERSONAL_DATA = "forums.member"
VERSION = "4.0"


def may_order(user: User, values: Values) -> bool:
    """Members, who act for them, and the secretariat; a day of the past or a kind opens nothing more."""
    del values
    return bool(user.has_perm("forums.read_directory"))


def entries_of(order: Order) -> list[Entry]:
    """The lines of an order. Raises RuleViolation where there are none."""
    on, kind = order.values.get("on"), str(order.values.get("kind", ""))
    today = timezone.localdate(order.at)
    if kind and kind not in MemberKind.values:
        raise RuleViolation(_("There is no such kind of member."), code="unknown_kind")
    if on is not None and on > today:  # type: ignore[operator] # a parameter of the kind DAY
        raise RuleViolation(_("The directory of a day to come is not known yet."), code="day_ahead")
    entries = directory(today=today, on=on, kind=kind)  # type: ignore[arg-type] # as above
    if not entries:
        raise RuleViolation(_("Nobody was a member then, so there is nothing to print."), code="nothing_to_print")
    return entries


def table_of(entries: list[Entry]) -> Table:
    """The lines as a table: area, office, name with hanja, mail addresses."""
    return Table(
        columns=(
            Column(_("Area"), width=1),
            Column(_("Office"), width=2.4),
            Column(_("Name"), width=2.6),
            Column(_("Mail address"), width=4),
        ),
        rows=tuple(
            (
                entry.area,
                f"{entry.title} ({entry.kind_name})" if entry.is_honorary else entry.title,
                entry.whole_name,
                ", ".join(entry.mails),
            )
            for entry in entries
        ),
        row_heads=3,
        numbered=False,
    )


def directory_section(entries: list[Entry]) -> Section:
    """The chapter of a forum book, and all of the directory's own document."""
    regular = sum(not entry.is_honorary for entry in entries)
    honorary = len(entries) - regular
    counts = _("Members: %(all)s, of which regular %(regular)s, honorary %(honorary)s.") % {
        "all": len(entries),
        "regular": regular,
        "honorary": honorary,
    }
    return Section(
        title=_("Directory of members"),
        blocks=(
            Paragraph(counts, Tone.SMALL),
            table_of(entries),
            Paragraph(_("In the order of the names. Please use it for the work of the club only."), Tone.SMALL),
        ),
        columns=2,
    )


def build(order: Order) -> Report:
    entries = entries_of(order)
    on = order.values.get("on") or timezone.localdate(order.at)
    return Report(
        title=_("Directory of members of the Mokmingwan Club"),
        subtitle=_("As of %(day)s") % {"day": day_text(on)},  # type: ignore[arg-type] # a parameter of the kind DAY
        # The title of the paper says what the chapter of a book says in its heading.
        sections=(replace(directory_section(entries), title=""),),
        publisher=_("Mokmingwan Club"),
        language=order.language,
        style=Style.DIRECTORY,
        issued_on=timezone.localdate(order.at),
        running=_("Mokmingwan Club"),
    )


def vcards(order: Order) -> bytes:
    """One vCard 4.0 (RFC 6350, UTF-8) for each member.

    The Korean name is the one that is shown; hanja stand in the note, because readings are no place for them. Sorting
    is by the Korean name. Whose office is known has it as title and the place as organisation.
    """
    with override(order.language):
        return "".join(_vcard(entry) for entry in entries_of(order)).encode()


def _vcard(entry: Entry) -> str:
    card = vobject.vCard()
    card.add("version").value = VERSION
    shown = one_line(entry.name)
    card.add("fn").value = shown
    # Family and given name are not split: names of two syllables or with a family name of two would be split wrongly.
    name = card.add("n")
    name.value = vobject.vcard.Name(family=shown)
    # The library writes parameters as they are: a quotation mark would end this one.
    name.params["SORT-AS"] = [shown.replace('"', "")]
    if entry.title:
        card.add("title").value = one_line(entry.title)
    places = (entry.region or entry.area, _("Mokmingwan Club"))
    card.add("org").value = [one_line(part) for part in places if part]
    for position, mail in enumerate(entry.mails, start=1):
        line = card.add("email")
        line.value = one_line(mail)
        line.params["TYPE"] = ["work"]
        line.params["PREF"] = [str(position)]
    if entry.name_hanja:
        card.add("note").value = _("Name in hanja: %(hanja)s") % {"hanja": one_line(entry.name_hanja)}
    card.add("categories").value = [entry.kind_name]
    card.add("kind").value = "individual"
    return _folded(card.serialize(validate=False, lineLength=UNFOLDED))


def _folded(card: str) -> str:
    """Lines of at most 75 octets (RFC 6350, 3.2). The library counts signs, and a syllable has three octets."""
    lines = []
    for line in card.removesuffix("\r\n").split("\r\n"):
        octets = 0
        folded = ""
        for sign in line:
            size = len(sign.encode())
            if octets + size > LONGEST_LINE:
                folded, octets = f"{folded}\r\n ", 1
            folded, octets = folded + sign, octets + size
        lines.append(folded)
    return "\r\n".join([*lines, ""])


def _kinds(_user: User | None) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in MemberKind.choices]


def file_name(order: Order) -> str:
    on = order.values.get("on") or timezone.localdate(order.at)
    return f"{_('Directory of members')} {on}"


def register() -> None:
    register_document(
        Document(
            name=NAME,
            title=gettext_lazy("Directory of members"),
            about=gettext_lazy("Area, office, name with hanja and mail addresses, in the order of the names."),
            build=build,
            may_order=may_order,
            formats=(Format.PDF, Format.XLSX, Format.HWPX, Format.CSV, Format.VCF),
            own={Format.VCF: vcards},
            parameters=(
                Parameter(
                    "on", gettext_lazy("As of"), Kind.DAY, required=False, help=gettext_lazy("Empty means today.")
                ),
                Parameter("kind", gettext_lazy("Kind of member"), required=False, choices=_kinds),
            ),
            personal_data=PERSONAL_DATA,
            purpose_asked=False,
            file_name=file_name,
        )
    )
