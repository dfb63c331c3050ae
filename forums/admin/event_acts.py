"""The steps of an event: publishing, holding, calling off, copying; and the profile of its host."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forums.admin.event_forms import CancelForm, NoteForm, copy_form, profile_form
from forums.models import Forum
from forums.services.forums import (
    PLANNED,
    cancel_forum,
    copy_forum,
    mark_held,
    publish_forum,
    record_past_forum,
    set_host_profile,
)
from forums.states import ForumStatus
from residents.desk import Act
from residents.desk.acts import current_user


def _publish(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    version = publish_forum(forum_id=forum.pk, note=data["note"], actor=current_user(request), at=timezone.now())
    if version.changes:
        return _("Version %(number)s is published. Whoever is registered is told what changed.") % {
            "number": version.number
        }
    return _("The programme is published. Everybody sees it now.")


def _held(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    del data
    mark_held(forum_id=forum.pk, actor=current_user(request), at=timezone.now())
    return _("The event is marked as held. Its programme stays as it is.")


def _record(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    del data
    record_past_forum(forum_id=forum.pk, actor=current_user(request), at=timezone.now())
    return _("The event is on record.")


def _cancel(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    cancel_forum(forum_id=forum.pk, reason=data["reason"], actor=current_user(request), at=timezone.now())
    return _("The event is called off.")


def _copy(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    copy = copy_forum(forum_id=forum.pk, actor=current_user(request), at=timezone.now(), **data)
    data["copy"] = copy
    return _("The copy is made, in preparation. Please look through its days and speakers.")


def _profile(request: HttpRequest, forum: Forum, data: dict[str, Any]) -> str:
    values = {**data, "area_hectares": data["area"]}
    values.pop("area")
    set_host_profile(forum_id=forum.pk, actor=current_user(request), at=timezone.now(), **values)
    return _("The profile is saved. The page of the event and its book show it.")


def _is_over(forum: Forum) -> bool:
    return forum.ends_on < timezone.localdate()


ACTS = (
    Act(
        name="publish",
        label=gettext_lazy("Publish the programme"),
        permission="forums.publish_forum",
        run=_publish,
        form=NoteForm,
        question=gettext_lazy(
            "Everybody sees the programme as it stands now. Whoever is registered is told what changed since the "
            "last version."
        ),
        available=lambda forum: forum.status in PLANNED,
    ),
    Act(
        name="held",
        label=gettext_lazy("Mark as held"),
        permission="forums.change_forum",
        run=_held,
        question=gettext_lazy("The programme is closed and stays as it was published last."),
        available=lambda forum: forum.status == ForumStatus.PUBLISHED and forum.ends_on <= timezone.localdate(),
    ),
    Act(
        name="record",
        label=gettext_lazy("Put on record as past"),
        permission="forums.publish_forum",
        run=_record,
        question=gettext_lazy("For events of earlier years: it appears among those that were held. Nobody is told."),
        available=lambda forum: forum.status == ForumStatus.DRAFT and _is_over(forum),
    ),
    Act(
        name="profile",
        label=gettext_lazy("Profile of the host"),
        permission="forums.change_forum",
        run=_profile,
        make_form=profile_form,
        question=gettext_lazy("What the page of the event and its book tell of the host, as of the event."),
    ),
    Act(
        name="copy",
        label=gettext_lazy("Copy for another event"),
        permission="forums.add_forum",
        run=_copy,
        make_form=copy_form,
        question=gettext_lazy("Venues, themes and timetable come along to the new days; materials and guests do not."),
        then=lambda _forum, data: data["copy"],
    ),
    Act(
        name="cancel",
        label=gettext_lazy("Call off"),
        permission="forums.publish_forum",
        run=_cancel,
        form=CancelForm,
        question=gettext_lazy("This cannot be taken back. Whoever is registered is told."),
        available=lambda forum: forum.status in PLANNED,
        danger=True,
    ),
)
