"""Shared reads of draws: what stands in a freeze, what became of it, in words that people read."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from councils.models import Application, BeaconEntry, CustomaryDraw, Draw, DrawResult, Recruitment
from councils.models.draws import DIGITS
from councils.queries.pool import PoolAndQuotas
from councils.quotas import Pool, Quota
from councils.states import ApplicationStatus, DrawStatus, Method, RecruitmentStatus

EVER_FROZEN = (DrawStatus.FROZEN, DrawStatus.DRAWN, DrawStatus.VOIDED)
STANDING = (DrawStatus.FROZEN, DrawStatus.DRAWN)
ENOUGH = 2  # readings of a beacon that agree


def frozen_draws() -> QuerySet[Draw]:
    """Every freeze ever made, also those declared void, without their long texts."""
    return (
        Draw.objects.filter(status__in=EVER_FROZEN)
        .select_related("recruitment__council__dong__parent", "recruitment__rule_set", "voided_by", "result")
        .defer("lottery", "public", "full", "prepared", "result__record", "result__full_record")
    )


def customary_draws() -> QuerySet[CustomaryDraw]:
    """Every draw by the ways that ordinances prescribe, without its pool."""
    related = CustomaryDraw.objects.select_related("recruitment__council__dong__parent")
    return related.defer("pool", "rule", "chances")


def draws_of(recruitment: Recruitment) -> list[Draw]:
    """Every freeze of a recruitment, the newest first."""
    return list(frozen_draws().filter(recruitment=recruitment).order_by("-number"))


def draws_on_the_notice(recruitment: Recruitment) -> dict[str, Any]:
    """What the page of a recruitment shows of its draws: "draws", and "customary" ones; nothing before the pool."""
    if recruitment.status in {RecruitmentStatus.PREPARING, RecruitmentStatus.ANNOUNCED}:
        return {"draws": [], "customary": []}
    if recruitment.method == Method.LEXIMIN:
        return {"draws": draws_of(recruitment), "customary": []}
    return {"draws": [], "customary": list(recruitment.customary_draws.order_by("-started_at"))}


def standing_draw(recruitment: Recruitment) -> Draw | None:
    """The freeze that holds, or was drawn from."""
    return frozen_draws().filter(recruitment=recruitment, status__in=STANDING).first()


def panels_with(application: Application) -> int | None:
    """In how many of the 1,000 frozen panels an applicant is; None where no freeze holds or they are in no pool."""
    if application.pool_number is None:
        return None
    draw = Draw.objects.filter(recruitment=application.recruitment_id, status__in=STANDING).only("pk", "freeze").first()
    if draw is None:
        return None
    return dict(frozen_facts(draw.pk, draw.freeze).shares).get(str(application.pool_number), 0)


class Phase(StrEnum):
    """Where a frozen draw stands, as everybody sees it."""

    WAITING = "waiting"  # for its beacon
    READING = "reading"  # the beacon has happened; what came out is being entered
    DIGITS = "digits"  # three digits are drawn in the hall
    CONFIRM = "confirm"  # all three are there
    DRAWN = "drawn"
    VOIDED = "voided"


def agreed_value(draw: Draw) -> dict[str, Any] | None:
    """What the beacon came to: the value that two read, or one and the network, and no other as often."""
    return _agreed([entry.value for entry in draw.entries.all() if not entry.taken_back])


def reader_name(entry: BeaconEntry) -> str:
    """Who entered a reading, as everybody reads it: what officials do in office they do under their name."""
    if entry.official is None:
        return _("fetched from the network")
    return entry.official.name or _("an official")


def readers_of(draw: Draw) -> list[str]:
    """Who entered the readings that stand."""
    return [reader_name(entry) for entry in draw.entries.all() if not entry.taken_back]


def readings_differ(draw: Draw) -> bool:
    """Whether readings contradict each other and none has prevailed."""
    standing = {_written(entry.value) for entry in draw.entries.all() if not entry.taken_back}
    return len(standing) > 1 and agreed_value(draw) is None


def _agreed(values: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    ranked = Counter(_written(value) for value in values).most_common(2)
    if not ranked or ranked[0][1] < ENOUGH or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
        return None
    value: dict[str, Any] = json.loads(ranked[0][0])
    return value


def _written(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True)


def drawn_digits(draw: Draw) -> str:
    """The digits that stand so far, hundreds first."""
    standing = sorted((one for one in draw.digits.all() if not one.struck_because), key=lambda one: one.place)
    return "".join(str(one.digit) for one in standing)


def phase_of(draw: Draw, at: datetime) -> Phase:
    """Where `draw` stands at `at`. Uses its entries and digits, prefetched or not."""
    if draw.status == DrawStatus.VOIDED:
        return Phase.VOIDED
    if draw.status == DrawStatus.DRAWN:
        return Phase.DRAWN
    if draw.beacon_at is None or at < draw.beacon_at:
        return Phase.WAITING
    if agreed_value(draw) is None:
        return Phase.READING
    return Phase.CONFIRM if len(drawn_digits(draw)) == DIGITS else Phase.DIGITS


@dataclass(frozen=True, slots=True)
class Frozen:
    """What a freeze says, for pages. `shares` are (number of the pool, panels of 1,000 with it), in their order."""

    persons: int
    seats: int
    panels: int
    groups: tuple["QuotaGroup", ...]
    shares: tuple[tuple[str, int], ...]
    withheld: int
    minimum: str
    certified: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """How a draw came out, for pages: numbers of the pool as drawn, alternates in order, persons by quota."""

    panel: tuple[str, ...]
    alternates: tuple[str, ...]
    groups: tuple["QuotaGroup", ...]


@lru_cache(maxsize=32)
def frozen_facts(draw_id: int, freeze: str) -> Frozen:
    """What the freeze of a draw says. It never changes, so it is read once."""
    document = json.loads(Draw.objects.values_list("public", flat=True).get(pk=draw_id, freeze=freeze))
    counts = Counter(id_ for panel in document["panels"] for id_ in panel)
    return Frozen(
        persons=len(document["pool"]),
        seats=document["seats"],
        panels=len(document["panels"]),
        groups=tuple(quota_groups(document)),
        shares=tuple((person["id"], counts[person["id"]]) for person in document["pool"]),
        withheld=sum("commitment" in person for person in document["pool"]),
        minimum=f"{min(document['probabilities'].values()):.2%}".replace("%", " %"),
        certified=bool(document["certificate"].get("certified")),
    )


@lru_cache(maxsize=32)
def drawn_facts(draw_id: int, sha256: str) -> Drawn:
    """How a draw came out. Written once, read once."""
    document = json.loads(DrawResult.objects.values_list("record", flat=True).get(draw=draw_id, sha256=sha256))
    return Drawn(
        panel=tuple(sorted(document["panel"], key=int)),
        alternates=tuple(document["alternates"][document["chosen"]]),
        groups=tuple(quota_groups(document, counts_of_panel(document))),
    )


def labelled(found: PoolAndQuotas) -> tuple[Pool, tuple[Quota, ...]]:
    """Pool and quotas with names for short names, as they stand in a freeze that everybody reads.

    The short name is added where a name is not unique. Households are numbered: a freeze says who lives together, and
    never where.
    """
    pool, shared = found.pool, Counter[tuple[str, str]]()
    for (feature, value), label in found.labels.items():
        shared[feature if value else "", label] += 1

    def named(feature: str, value: str = "") -> str:
        label = found.labels.get((feature, value), value or feature)
        unique = shared[feature if value else "", label] <= 1
        return label if unique else f"{label} ({value or feature})"

    rows = tuple(
        tuple(named(feature, value) for feature, value in zip(pool.features, row, strict=True)) for row in pool.rows
    )
    quotas = tuple(
        Quota(named(one.feature), named(one.feature, one.value), one.minimum, one.maximum) for one in found.quotas
    )
    return Pool(pool.ids, tuple(named(feature) for feature in pool.features), rows, _numbered(pool.households)), quotas


def _numbered(households: Sequence[str] | None) -> tuple[str, ...] | None:
    """Households by number in the order of the pool, of which the numbers are random; "" stays."""
    if households is None:
        return None
    numbers: dict[str, str] = {"": ""}
    return tuple(numbers.setdefault(household, str(len(numbers))) for household in households)


@dataclass(frozen=True, slots=True)
class QuotaLine:
    """One quota and how many of the panel count for it; `filled` is None before the draw. All in persons."""

    value: str
    minimum: int
    maximum: int
    filled: int | None = None


@dataclass(frozen=True, slots=True)
class QuotaGroup:
    feature: str
    lines: tuple[QuotaLine, ...]


def quota_groups(document: Mapping[str, Any], counts: Sequence[int] | None = None) -> list[QuotaGroup]:
    """The quotas of a document by feature. `counts` are persons by place of the quota."""
    groups: dict[str, list[QuotaLine]] = {}
    for place, quota in enumerate(document["quotas"]):
        line = QuotaLine(quota["value"], quota["min"], quota["max"], None if counts is None else counts[place])
        groups.setdefault(quota["feature"], []).append(line)
    return [QuotaGroup(feature, tuple(lines)) for feature, lines in groups.items()]


def counts_of_panel(document: Mapping[str, Any]) -> list[int]:
    """How many of the drawn panel count for each quota, without telling who.

    Taken from the counts of the document where attributes are withheld.
    """
    if "drawn_counts" in document:
        return list(document["drawn_counts"][document["chosen"]])
    attributes = {person["id"]: person["attributes"] for person in document["pool"]}
    return [
        sum(attributes[id_][quota["feature"]] == quota["value"] for id_ in document["panel"])
        for quota in document["quotas"]
    ]


def places_after_the_draw(recruitment: Recruitment) -> dict[str, list[Application]]:
    """Applications of the pool by what became of them: "selected" (appointed too), "alternate", "withdrawn"."""
    found: dict[str, list[Application]] = {"selected": [], "alternate": [], "withdrawn": []}
    rows = recruitment.applications.filter(pool_number__isnull=False).only(
        "pool_number", "status", "alternate_position", "name", "recruitment_id"
    )
    for one in rows.order_by("pool_number"):
        if one.status in {ApplicationStatus.SELECTED, ApplicationStatus.APPOINTED}:
            found["selected"].append(one)
        elif one.status == ApplicationStatus.ALTERNATE:
            found["alternate"].append(one)
        elif one.status == ApplicationStatus.WITHDRAWN:
            found["withdrawn"].append(one)
    found["alternate"].sort(key=lambda one: one.alternate_position or 0)
    return found
