"""Shared reads of jobs."""

from typing import TYPE_CHECKING, Any, cast

from django.db.models import QuerySet

from core.jobs.models import Job
from core.jobs.states import UNFINISHED

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def jobs_of(owner: "AbstractBaseUser") -> QuerySet[Job]:
    """What this account ordered, the newest first, with what each made."""
    return Job.objects.filter(owner=cast("Any", owner)).select_related("file__made_by", "owner")


def unfinished_jobs_of(owner: "AbstractBaseUser") -> QuerySet[Job]:
    """In the order in which they come up."""
    return jobs_of(owner).filter(status__in=UNFINISHED).order_by("ordered_at")
