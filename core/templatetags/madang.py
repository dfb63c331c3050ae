"""Dates, money, counts and shares as people here write them, in the reader's language.

How a figure is put together (order of year and month, 만 and 억) is code; words are messages.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

register = template.Library()

KOREAN_WEEKDAYS = "월화수목금토일"  # korean: used where Korean is active
ENGLISH_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ENGLISH_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

MAN = 10_000
EOK = 100_000_000
MILLION = 1_000_000
NOTHING = "–"
DAYS_SAID_AS_DAYS = 60


def _english() -> bool:
    return (get_language() or "ko").startswith("en")


def _local_day(value: date) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


# --- Dates ------------------------------------------------------------------------------------------------------------


@register.filter
def day_text(value: date | None) -> str:
    """2019. 6. 18.(화), or Tue 18 Jun 2019. Without markup, for attributes and titles."""
    if value is None:
        return NOTHING
    day = _local_day(value)
    if _english():
        return f"{ENGLISH_WEEKDAYS[day.weekday()]} {day.day} {ENGLISH_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}. {day.month}. {day.day}.({KOREAN_WEEKDAYS[day.weekday()]})"


@register.filter
def moment_text(value: datetime | None) -> str:
    """2019. 6. 18.(화) 14:00, or Tue 18 Jun 2019, 14:00. Without markup."""
    if value is None:
        return NOTHING
    comma = "," if _english() else ""
    return f"{day_text(value)}{comma} {timezone.localtime(value):%H:%M}"


@register.filter
def day(value: date | None) -> str:
    """The day in words inside a <time> element."""
    if value is None:
        return NOTHING
    return format_html('<time datetime="{}">{}</time>', _local_day(value).isoformat(), day_text(value))


@register.filter
def moment(value: datetime | None) -> str:
    """Day and time in words inside a <time> element."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), moment_text(value))


@register.filter
def time_left(until: datetime, at: datetime | None = None) -> str:
    """How long a half-open deadline still lets people act: “3일 남음”, “오늘 18:00까지”, “마감됨”.

    A deadline at midnight belongs to the day before it: until 19 June 0:00 is “until the end of 18 June”.
    """
    at = at or timezone.now()
    if at >= until:
        return _("deadline passed")
    days = (_last_day(until) - _local_day(at)).days
    if days == 0:
        clock = f"{timezone.localtime(until):%H:%M}"
        return _("until the end of today") if clock == "00:00" else _("until %(clock)s today") % {"clock": clock}
    if days == 1:
        return _("until tomorrow")
    return ngettext("%(days)s day left", "%(days)s days left", days) % {"days": days}


@register.filter
def starts_in(start: datetime, at: datetime | None = None) -> str:
    """When something begins: “오늘 9:00부터”, “내일부터”, “3일 뒤”; the day itself when it is far away or past."""
    at = at or timezone.now()
    days = (_local_day(start) - _local_day(at)).days
    if days < 0 or days > DAYS_SAID_AS_DAYS or start <= at:
        return day_text(start)
    if days == 0:
        return _("from %(clock)s today") % {"clock": f"{timezone.localtime(start):%H:%M}"}
    if days == 1:
        return _("from tomorrow")
    return ngettext("in %(days)s day", "in %(days)s days", days) % {"days": days}


def _last_day(until: datetime) -> date:
    return _local_day(until - timedelta(microseconds=1))


# --- Money ------------------------------------------------------------------------------------------------------------


@register.filter
def won(amount: int | None) -> str:
    """30,000,000원, to the won."""
    if amount is None:
        return NOTHING
    return _("%(amount)s won") % {"amount": _grouped(amount)}


@register.filter
def won_short(amount: int | None) -> str:
    """3,000만 원, 1억 2,000만 원; “약” before it where it is rounded to the nearest 10,000."""
    if amount is None:
        return NOTHING
    if abs(amount) < MAN:
        return won(amount)
    sign = "−" if amount < 0 else ""
    size = abs(amount)
    rounded = (size + MAN // 2) // MAN * MAN
    words = sign + (_english_won(rounded) if _english() else _korean_won(rounded))
    return words if rounded == size else _("about %(amount)s") % {"amount": words}


def _korean_won(amount: int) -> str:
    eok, rest = divmod(amount, EOK)
    parts = [f"{eok:,}억"] if eok else []  # korean: used where Korean is active
    if rest:
        parts.append(f"{rest // MAN:,}만")  # korean: used where Korean is active
    return f"{' '.join(parts)} 원"  # korean: used where Korean is active


def _english_won(amount: int) -> str:
    if amount < MILLION:
        return f"{amount:,} won"
    millions, rest = divmod(amount, MILLION)
    tail = f".{rest // MAN:02}".rstrip("0") if rest else ""
    return f"{millions:,}{tail} million won"


@register.inclusion_tag("components/money.html")
def money(amount: int | None) -> dict[str, Any]:
    """The short amount; where it is rounded, a details element that opens to the won. Not inside a <p> or <a>."""
    short, exact = won_short(amount), won(amount)
    return {
        "amount": amount,
        "short": short,
        "exact": exact,
        "is_rounded": amount is not None and amount % MAN != 0 and abs(amount) >= MAN,
    }


# --- Counts and shares ------------------------------------------------------------------------------------------------


def _grouped(number: int) -> str:
    return f"{number:,}".replace("-", "−")


@register.filter
def people(number: int | None) -> str:
    """1,234명."""
    if number is None:
        return NOTHING
    return ngettext("%(number)s person", "%(number)s people", number) % {"number": _grouped(number)}


@register.filter
def items(number: int | None) -> str:
    """3건."""
    if number is None:
        return NOTHING
    return ngettext("%(number)s item", "%(number)s items", number) % {"number": _grouped(number)}


@register.filter
def votes(number: int | None) -> str:
    """312표."""
    if number is None:
        return NOTHING
    return ngettext("%(number)s vote", "%(number)s votes", number) % {"number": _grouped(number)}


@register.filter
def percent(share: Fraction | tuple[int, int] | None) -> str:
    """12.3%, from a Fraction or a pair (part, whole), rounded half up to one decimal; “–” of nothing."""
    if share is None:
        return NOTHING
    if isinstance(share, tuple):
        part, whole = share
        if whole == 0:
            return NOTHING
        share = Fraction(part, whole)
    permille = (share.numerator * 2000 + share.denominator) // (2 * share.denominator)
    return f"{permille // 10}.{permille % 10}%"


@register.filter
def out_of(part: int, whole: int) -> tuple[int, int]:
    """Make the pair that `percent` takes: {{ votes|out_of:ballots|percent }}."""
    return part, whole


# --- Components -------------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/bar.html")
def bar(value: int, whole: int, mark: int | None = None) -> dict[str, Any]:
    """A bar of `value` out of `whole` with an optional threshold at `mark`, all in the same unit."""
    return {"filled": _permille(value, whole), "mark": None if mark is None else min(_permille(mark, whole), 994)}


def _permille(value: int, whole: int) -> int:
    return min(1000, max(0, value) * 1000 // whole) if whole > 0 else 0


COLOURS_OF_PARTS = 4


@register.filter
def nth_colour(place: int) -> int:
    """Number of the colour of the part at `place`, from 0: four colours in turn."""
    return place % COLOURS_OF_PARTS + 1


@register.inclusion_tag("components/stacked_bar.html")
def stacked_bar(parts: Iterable[Any], total: int) -> dict[str, Any]:
    """One bar whose pieces are as long as each part's `.amount` of `total`, with a gap of a hair between them."""
    pieces, sum_before = [], 0
    for place, part in enumerate(parts):
        start, end = _permille(sum_before, total), _permille(sum_before + part.amount, total)
        pieces.append({"start": start, "width": max(1, end - start - 2), "colour": nth_colour(place)})
        sum_before += part.amount
    return {"parts": pieces}


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*parts: str) -> dict[str, Any]:
    """{% breadcrumb name url name url … here %}: pairs of name and address, at last the page itself without one."""
    crumbs = [{"name": name, "url": url} for name, url in zip(parts[:-1:2], parts[1::2], strict=True)]
    return {"crumbs": [*crumbs, {"name": parts[-1], "url": ""}]}
