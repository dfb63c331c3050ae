"""In which recruitments somebody applied, so that they decide nothing in them."""

from councils.models import Application
from councils.states import ApplicationStatus
from residents.models import User

# Who withdrew, never handed in what they wrote, or left the council again has no more to gain.
OVER = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.DRAFT, ApplicationStatus.DISMISSED})


def recruitments_applied_in(user: User) -> frozenset[int]:
    """Keys of the recruitments in which this account applied; of those who were excluded or not drawn too."""
    own = Application.objects.filter(user=user).exclude(status__in=OVER)
    return frozenset(own.values_list("recruitment_id", flat=True))
