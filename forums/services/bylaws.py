"""Bylaws: drafted as a copy of the version before, adopted by a general assembly, never changed afterwards."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core.articles import Article
from core.audit.services import record
from core.errors import RuleViolation
from forums.bylaws import read_rules
from forums.models import BylawArticle, Bylaws
from forums.states import BylawsStatus, ClubMeetingKind
from meetings.models import Resolution
from meetings.states import Outcome
from residents.models import User


@transaction.atomic
def draft_bylaws(
    *,
    actor: User | None,
    at: datetime,
    articles: Sequence[Article] | None = None,
    rules: Mapping[str, Any] | None = None,
    note: str = "",
) -> Bylaws:
    """A new draft: with these articles and rules, or a copy of the latest version.

    Raises RuleViolation if there is a draft already, nothing to copy from, or as `change_bylaws` for what is given.
    """
    versions = list(Bylaws.objects.select_for_update().order_by("-number"))
    if any(version.status == BylawsStatus.DRAFT for version in versions):
        raise RuleViolation(_("There is a draft already. Please go on with that one."), code="draft_exists")
    latest = versions[0] if versions else None
    if articles is None and latest is None:
        raise RuleViolation(_("There are no bylaws to copy from."))
    if articles is not None:
        _refuse_odd(articles, rules if rules is not None else (latest.rules if latest else {}))
    draft = Bylaws.objects.create(
        number=(latest.number if latest else 0) + 1,
        rules=dict(rules) if rules is not None else (latest.rules if latest else {}),
        note=note.strip(),
    )
    if articles is None and latest is not None:
        articles = [Article(one.number, one.title, one.text) for one in latest.articles.all()]
    _write_articles(draft, articles or [])
    record(actor=actor, action="forums.bylaws_drafted", target=draft, details={"version": draft.number}, at=at)
    return draft


@transaction.atomic
def change_bylaws(  # noqa: PLR0913 - a version has this many facts
    *,
    bylaws_id: int,
    articles: Sequence[Article],
    rules: Mapping[str, Any],
    note: str,
    actor: User,
    at: datetime,
) -> Bylaws:
    """Replace articles and rules of a draft. Raises RuleViolation once it is adopted, or for odd rules."""
    draft = Bylaws.objects.select_for_update().get(pk=bylaws_id)
    if draft.status != BylawsStatus.DRAFT:
        raise RuleViolation(_("Adopted bylaws stay as they are. Please draft a new version."), code="wrong_state")
    _refuse_odd(articles, rules)
    draft.rules = dict(rules)
    draft.note = note.strip()
    draft.save()
    draft.articles.all().delete()
    _write_articles(draft, articles)
    record(actor=actor, action="forums.bylaws_changed", target=draft, details={"version": draft.number}, at=at)
    return draft


@transaction.atomic
def adopt_bylaws(  # noqa: PLR0913 - an adoption has this many facts
    *,
    bylaws_id: int,
    adopted_on: date,
    in_force_from: date,
    resolution: Resolution | None,
    actor: User | None,
    at: datetime,
    from_source: bool = False,
) -> Bylaws:
    """Put a draft into force by a resolution of a general assembly (article 7).

    `from_source` is for versions that were adopted before the club kept its meetings here.
    Raises RuleViolation without articles, without an adopted resolution of a general assembly, or for days in the wrong
    order.
    """
    draft = Bylaws.objects.select_for_update().get(pk=bylaws_id)
    articles = [Article(one.number, one.title, one.text) for one in draft.articles.all()]
    _refuse_odd(articles, draft.rules)
    if in_force_from < adopted_on:
        raise RuleViolation(_("Bylaws cannot be in force before they are adopted."))
    latest = Bylaws.objects.filter(status=BylawsStatus.ADOPTED).order_by("-in_force_from").first()
    if latest is not None and latest.in_force_from is not None and in_force_from <= latest.in_force_from:
        raise RuleViolation(_("The version before came into force later. Please check the day."))
    if not from_source:
        _refuse_without_assembly(resolution)
    draft.move_to(BylawsStatus.ADOPTED)
    draft.adopted_on, draft.in_force_from, draft.resolution = adopted_on, in_force_from, resolution
    draft.save()
    record(actor=actor, action="forums.bylaws_adopted", target=draft, details={"version": draft.number}, at=at)
    return draft


def _refuse_without_assembly(resolution: Resolution | None) -> None:
    if resolution is None or resolution.outcome != Outcome.ADOPTED or resolution.withdrawn_at is not None:
        raise RuleViolation(_("Bylaws are adopted by a resolution of a general assembly."), code="resolution_missing")
    meeting = getattr(resolution.meeting, "club_meeting", None)
    if meeting is None or meeting.kind == ClubMeetingKind.COMMITTEE:
        raise RuleViolation(_("Bylaws are adopted by a resolution of a general assembly."), code="wrong_meeting")


def _refuse_odd(articles: Sequence[Article], rules: Mapping[str, Any]) -> None:
    if not articles:
        raise RuleViolation(_("Bylaws need at least one article."))
    numbers = [article.number.strip() for article in articles]
    if not all(numbers) or len(set(numbers)) != len(numbers):
        raise RuleViolation(_("Every article needs a number of its own."), code="article_twice")
    if any(not article.title.strip() or not article.text.strip() for article in articles):
        raise RuleViolation(_("Every article needs a title and a text."))
    try:
        read_rules(rules)
    except ValueError as error:
        raise RuleViolation(
            _("The rules of this version are incomplete or contradict themselves (%(what)s).") % {"what": error},
            code="odd_rules",
        ) from error


def _write_articles(bylaws: Bylaws, articles: Sequence[Article]) -> None:
    BylawArticle.objects.bulk_create(
        BylawArticle(
            bylaws=bylaws,
            number=article.number.strip(),
            title=article.title.strip(),
            text=article.text.strip(),
            position=position,
        )
        for position, article in enumerate(articles)
    )
