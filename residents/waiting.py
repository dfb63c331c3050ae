"""What waits for officials at the verification desk."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from residents.desk.waiting import Waiting
from residents.models import Residence, User
from residents.permissions import OFFICIALS, role_paths
from residents.states import ResidenceStatus


def residences_to_check(user: User) -> list[Waiting]:
    """Declarations that wait for a check in the regions of this official."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    here = Q()
    for path in paths:
        here |= Q(dong__path__startswith=path)
    count = Residence.objects.filter(here, status=ResidenceStatus.DECLARED).exclude(user=user).count()
    return [Waiting(_("Residents who wait for a check"), count, reverse("admin:residents_residence_changelist"))]
