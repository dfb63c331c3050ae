"""The record of a draw (추첨 결과서), for the file of the office and for signing."""  # korean: the document's own name

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from core.errors import RuleViolation
from core.templatetags.madang import moment_text, people
from councils.beacon_wording import beacon_in_words, value_in_words
from councils.models import Draw
from councils.queries.draws import (
    drawn_facts,
    frozen_draws,
    frozen_facts,
    places_after_the_draw,
    readers_of,
)
from councils.states import DrawStatus
from reports.content import Align, Block, Column, Facts, Paragraph, Report, Section, Signatures, Style, Table, Tone
from reports.registry import Document, Format, Kind, Order, Parameter, Value, Values, register
from residents.models import User

NAME = "draw-record"


def _draw(value: Value | None) -> Draw:
    """The draw with this key that took place. Raises RuleViolation (404) for all others."""
    found = (
        frozen_draws()
        .select_related("recruitment__council__dong__parent__parent")
        .prefetch_related("digits", "entries__official")
        .filter(pk=int(str(value or 0)), status=DrawStatus.DRAWN)
        .first()
    )
    if found is None:
        raise RuleViolation(_("No such draw has taken place."), code="unknown_draw", status=404)
    return found


def build(order: Order) -> Report:
    """Freeze, event, digits, panel, alternates and quotas; of those drawn from the numbers only, no names."""
    draw = _draw(order.values.get("draw"))
    recruitment = draw.recruitment
    dong = recruitment.council.dong
    return Report(
        title=_("Record of the draw"),
        subtitle=recruitment.title,
        sections=(
            Section(_("The draw"), (_facts(draw),)),
            Section(_("Drawn panel and alternates"), _people(draw)),
            Section(_("Quotas"), (_quotas(draw),)),
            Section(_("How it can be verified"), _verifying(draw)),
        ),
        publisher=dong.parent.full_name if dong.parent else dong.full_name,
        language=order.language,
        style=Style.A4,
        issued_on=timezone.localdate(order.at),
    )


def _facts(draw: Draw) -> Facts:
    frozen, result = frozen_facts(draw.pk, draw.freeze), draw.result
    rows = [
        (_("Residents’ council"), draw.recruitment.council.dong.full_name),
        (_("Place"), draw.recruitment.place or "–"),
        (_("In the pool"), people(frozen.persons)),
        (_("Seats"), people(frozen.seats)),
        (_("Frozen at"), moment_text(draw.frozen_at)),
        (_("SHA-256 of the freeze"), draw.freeze),
        (_("Public event"), beacon_in_words(draw.beacon)),
        (_("What came out"), value_in_words(draw.beacon, result.beacon_value)),
        (_("Read by"), ", ".join(readers_of(draw))),
        (_("Digits drawn in the hall"), " ".join(result.digits)),
        (_("Number of the panel"), f"{result.index:03}"),
        (_("Drawn at"), moment_text(result.drawn_at)),
        (_("SHA-256 of the record"), result.sha256),
    ]
    struck = [f"{one.digit} ({one.struck_because})" for one in draw.digits.all() if one.struck_because]
    if struck:
        rows.append((_("Struck digits"), ", ".join(struck)))
    return Facts(tuple(rows))


def _people(draw: Draw) -> tuple[Block, ...]:
    drawn = drawn_facts(draw.pk, draw.result.sha256)
    places = places_after_the_draw(draw.recruitment)
    gone = [str(one.pool_number) for one in places["withdrawn"] if str(one.pool_number) in drawn.panel]
    blocks: list[Block] = [
        Paragraph(_("Numbers of the drawn panel: %(numbers)s") % {"numbers": ", ".join(drawn.panel)}),
    ]
    if gone:
        blocks.append(Paragraph(_("Withdrawn: %(numbers)s.") % {"numbers": ", ".join(gone)}, Tone.SMALL))
    if drawn.alternates:
        columns = (
            Column(pgettext("in an order", "Place"), 1, Align.RIGHT),
            Column(_("Number in the pool"), 3),
        )
        rows = tuple((place, id_) for place, id_ in enumerate(drawn.alternates, start=1))
        blocks.append(Table(columns, rows, caption=_("Alternates in their order"), numbered=False))
    return tuple(blocks)


def _quotas(draw: Draw) -> Table:
    rows = tuple(
        (group.feature, line.value, line.minimum, line.maximum, line.filled)
        for group in drawn_facts(draw.pk, draw.result.sha256).groups
        for line in group.lines
    )
    columns = (
        Column(_("Feature"), 2),
        Column(_("Value"), 3),
        Column(_("At least"), 1, Align.RIGHT),
        Column(_("At most"), 1, Align.RIGHT),
        Column(_("Drawn"), 1, Align.RIGHT),
    )
    return Table(columns, rows, row_heads=2, numbered=False)


def _verifying(draw: Draw) -> tuple[Block, ...]:
    return (
        Paragraph(
            _(
                "The freeze was sent to everybody in the pool before the event. Everybody can download the record and "
                "the script on the page of the draw and work everything out again."
            )
        ),
        Paragraph(f"{settings.SITE_URL}{draw.get_absolute_url()}", Tone.SMALL),
        Signatures(
            (
                (_("Chair of the committee"), ""),
                (_("First official"), ""),
                (_("Second official"), ""),
            )
        ),
    )


def may_order(user: User, values: Values) -> bool:
    """Whoever sees draws at the desk, in their regions."""
    if "draw" not in values:
        return bool(user.has_perm("councils.view_draw"))
    draw = Draw.objects.select_related("recruitment__council__dong").filter(pk=int(str(values["draw"]))).first()
    return draw is not None and bool(user.has_perm("councils.view_draw", draw))


def register_documents() -> None:
    register(
        Document(
            name=NAME,
            title=gettext_lazy("Record of a draw"),
            about=gettext_lazy("Freeze, event, digits, panel, alternates and quotas, with lines to sign on."),
            build=build,
            may_order=may_order,
            formats=(Format.PDF, Format.HWPX),
            parameters=(Parameter("draw", gettext_lazy("Draw"), kind=Kind.NUMBER, check=_draw),),
        )
    )
