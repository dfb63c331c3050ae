"""Every write to the library of ordinances.

Versions and articles on which a rule set in use rests stay as they are, so that what a check cites can still be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.utils.translation import gettext as _

from core.articles import Article as ArticleInput
from core.audit.services import record
from core.errors import RuleViolation
from ordinances.models import Article, Ordinance, OrdinanceLink, OrdinanceVersion
from ordinances.states import OrdinanceKind, Subject, VersionAct
from residents.models import Region, User
from residents.states import RegionLevel

__all__ = [
    "ArticleInput",
    "LinkInput",
    "OrdinanceFacts",
    "VersionFacts",
    "add_ordinance",
    "add_version",
    "change_ordinance",
    "change_version",
    "is_in_use",
    "remove_version",
]


@dataclass(frozen=True, slots=True)
class LinkInput:
    """A page elsewhere, and what it leads to."""

    url: str
    label: str


@dataclass(frozen=True, slots=True)
class OrdinanceFacts:
    """What stands at the head of an ordinance."""

    kind: OrdinanceKind
    subject: Subject
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """What was done on `day`; `number` is "" and `in_force_from` None where they are not known."""

    act: VersionAct
    day: date
    source: str
    number: str = ""
    in_force_from: date | None = None
    url: str = ""
    note: str = ""


@transaction.atomic
def add_ordinance(
    *, region: Region, facts: OrdinanceFacts, links: Sequence[LinkInput] = (), actor: User | None, at: datetime
) -> Ordinance:
    """Put an ordinance of a municipality or province into the library. `actor` None is the system itself.

    Raises RuleViolation for a dong, a missing or known title, and links that are no web addresses.
    """
    Region.objects.select_for_update().get(pk=region.pk)
    if region.level == RegionLevel.DONG:
        raise RuleViolation(_("An ordinance belongs to a city, county, district or province, not to a dong."))
    ordinance = Ordinance(region=region)
    _write_ordinance(ordinance, facts)
    _write_links(ordinance, links)
    _record("ordinances.ordinance_added", ordinance, ordinance, actor, at)
    return ordinance


@transaction.atomic
def change_ordinance(
    *,
    ordinance_id: int,
    facts: OrdinanceFacts | None = None,
    links: Sequence[LinkInput] | None = None,
    actor: User | None,
    at: datetime,
) -> Ordinance:
    """Correct the head of an ordinance, its links or both; what is None stays. Raises as add_ordinance does."""
    ordinance = _locked(ordinance_id)
    if facts is not None:
        _write_ordinance(ordinance, facts)
    if links is not None:
        _write_links(ordinance, links)
    _record("ordinances.ordinance_changed", ordinance, ordinance, actor, at)
    return ordinance


@transaction.atomic
def add_version(
    *,
    ordinance_id: int,
    facts: VersionFacts,
    articles: Sequence[ArticleInput] = (),
    actor: User | None,
    at: datetime,
) -> OrdinanceVersion:
    """Note that an ordinance was enacted, amended or repealed, with the articles as far as they are known.

    Raises RuleViolation for a second version of one day, a second enactment or repeal, anything before the enactment or
    after the repeal, and articles that stand twice.
    """
    ordinance = _locked(ordinance_id)
    version = OrdinanceVersion(ordinance=ordinance)
    _write_version(version, facts)
    _write_articles(version, articles)
    _record("ordinances.version_added", version, ordinance, actor, at)
    return version


@transaction.atomic
def change_version(
    *,
    version_id: int,
    facts: VersionFacts,
    articles: Sequence[ArticleInput],
    actor: User | None,
    at: datetime,
) -> OrdinanceVersion:
    """Correct a version and its articles. Articles that a rule cites keep their number.

    Raises RuleViolation as add_version does, if a cited article would go, and if a rule set in use rests on the
    version.
    """
    version = _locked_version(version_id)
    _refuse_if_in_use(version)
    _write_version(version, facts)
    _write_articles(version, articles)
    _record("ordinances.version_changed", version, version.ordinance, actor, at)
    return version


@transaction.atomic
def remove_version(*, version_id: int, actor: User | None, at: datetime) -> None:
    """Take a version out that was entered by mistake. Raises RuleViolation if any rule set rests on it."""
    version = _locked_version(version_id)
    if version.rule_sets.exists():
        raise RuleViolation(_("A rule set rests on this version, so it cannot be removed."), code="version_in_use")
    _record("ordinances.version_removed", version, version.ordinance, actor, at)
    version.delete()


def is_in_use(version: OrdinanceVersion) -> bool:
    """Whether something was opened under a rule set that rests on this version."""
    return version.rule_sets.filter(locked_at__isnull=False).exists()


def _refuse_if_in_use(version: OrdinanceVersion) -> None:
    if is_in_use(version):
        raise RuleViolation(
            _("A rule set in use rests on this version, so it stays as it is. Please add a new version."),
            code="version_in_use",
        )


def _locked(ordinance_id: int) -> Ordinance:
    return Ordinance.objects.select_for_update(of=("self",)).select_related("region").get(pk=ordinance_id)


def _locked_version(version_id: int) -> OrdinanceVersion:
    ordinance_id = OrdinanceVersion.objects.values_list("ordinance_id", flat=True).get(pk=version_id)
    _locked(ordinance_id)
    return OrdinanceVersion.objects.select_related("ordinance__region").get(pk=version_id)


def _write_ordinance(ordinance: Ordinance, facts: OrdinanceFacts) -> None:
    title = " ".join(facts.title.split())
    if not title:
        raise RuleViolation(_("An ordinance needs a title."))
    if Ordinance.objects.filter(region=ordinance.region, title=title).exclude(pk=ordinance.pk).exists():
        raise RuleViolation(_("“%(title)s” is in the library already.") % {"title": title}, code="ordinance_exists")
    ordinance.kind = facts.kind
    ordinance.subject = facts.subject
    ordinance.title = title
    ordinance.note = facts.note.strip()
    ordinance.save()


def _write_links(ordinance: Ordinance, links: Sequence[LinkInput]) -> None:
    for link in links:
        _require_web_address(link.url)
        if not link.label.strip():
            raise RuleViolation(_("Please say where the link leads to."))
    addresses = [link.url.strip() for link in links]
    if len(set(addresses)) < len(addresses):
        raise RuleViolation(_("One of the links stands there twice."))
    ordinance.links.all().delete()
    OrdinanceLink.objects.bulk_create(
        OrdinanceLink(ordinance=ordinance, url=link.url.strip(), label=link.label.strip()) for link in links
    )


def _require_web_address(url: str) -> None:
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise RuleViolation(_("A link begins with https:// or http:// and names a site."))


def _write_version(version: OrdinanceVersion, facts: VersionFacts) -> None:
    _check_version(version, facts)
    version.act = facts.act
    version.day = facts.day
    version.in_force_from = facts.in_force_from
    version.number = facts.number.strip()
    version.source = facts.source.strip()
    version.url = facts.url.strip()
    version.note = facts.note.strip()
    version.save()


def _check_version(version: OrdinanceVersion, facts: VersionFacts) -> None:
    if not facts.source.strip():
        raise RuleViolation(_("Please name the source of this version."))
    if facts.url:
        _require_web_address(facts.url)
    if facts.in_force_from and facts.in_force_from < facts.day:
        raise RuleViolation(_("A version is in force from its own day at the earliest."))
    others = list(version.ordinance.versions.exclude(pk=version.pk).values_list("act", "day"))
    if any(day == facts.day for _act, day in others):
        raise RuleViolation(_("There is a version of this day already."), code="version_exists")
    for act, first in ((VersionAct.ENACTED, True), (VersionAct.REPEALED, False)):
        same = [day for other, day in others if other == act]
        if facts.act == act and same:
            raise RuleViolation(_("An ordinance is enacted once and repealed once."))
        bound = [facts.day] if facts.act == act else same
        rest = [day for other, day in others if other != act] if facts.act == act else [facts.day]
        if bound and any((day < bound[0]) if first else (day > bound[0]) for day in rest):
            raise RuleViolation(_("Nothing comes before the enactment or after the repeal."))


def _write_articles(version: OrdinanceVersion, articles: Sequence[ArticleInput]) -> None:
    """Articles with a known number are changed where they stand, because rules may cite them."""
    numbers = [article.number for article in articles]
    if len(set(numbers)) < len(numbers):
        raise RuleViolation(_("An article stands there twice."))
    known = {article.number: article for article in version.articles.all()}
    gone = [article for number, article in known.items() if number not in numbers]
    if any(article.rules.exists() for article in gone):
        raise RuleViolation(_("A rule cites an article that would be taken out."), code="article_cited")
    version.articles.filter(pk__in=[article.pk for article in gone]).delete()
    for position, article in enumerate(articles, start=1):
        row = known.get(article.number) or Article(version=version, number=article.number)
        row.title, row.text, row.position = article.title, article.text, position
        row.save()


def _record(
    action: str, target: Ordinance | OrdinanceVersion, ordinance: Ordinance, actor: User | None, at: datetime
) -> None:
    record(actor=actor, action=action, target=target, scope=ordinance.region.path, at=at)
