"""Reads across the apps below."""

from django.contrib.auth.models import AnonymousUser

from residents.models import Region, Residence, User
from residents.states import ResidenceStatus


def own_dong(user: User | AnonymousUser | None) -> Region | None:
    """The dong that `user` belongs to: the verified one, else the one they declared."""
    if user is None or not user.is_authenticated:
        return None
    residence = (
        Residence.objects.filter(user=user, status__in=[ResidenceStatus.VERIFIED, ResidenceStatus.DECLARED])
        .select_related("dong__parent")
        .order_by("-status")  # "verified" sorts after "declared"
        .first()
    )
    return residence.dong if residence else None
