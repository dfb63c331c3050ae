"""What waits for officials who keep the figures of councils."""

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from councils.models import Council
from councils.states import BodyKind, CouncilStatus
from residents.desk.scoped import in_regions
from residents.desk.waiting import Waiting
from residents.models import User
from residents.permissions import OFFICIALS, role_paths

FIGURES_MISSING = Q(capacity__isnull=True) | Q(members__isnull=True)


FIGURES, MISSING = "figures", "missing"  # how the list is narrowed down to those that are counted here


def without_figures(councils: QuerySet[Council]) -> QuerySet[Council]:
    """Those of `councils` that are at work and whose seats or members nobody has written down."""
    return councils.filter(FIGURES_MISSING, kind=BodyKind.COUNCIL, status=CouncilStatus.WORKING)


def councils_without_figures(user: User) -> list[Waiting]:
    """Councils at work whose seats or members nobody has written down, where `user` keeps the figures."""
    paths = role_paths(user, *OFFICIALS)
    if not paths:
        return []
    here = without_figures(Council.objects.filter(in_regions(paths, "dong__path")))
    found = here.aggregate(count=Count("pk"), only=Max("pk"))
    url = reverse("admin:councils_council_changelist") + f"?{FIGURES}={MISSING}"
    if found["count"] == 1:
        url = reverse("admin:councils_council_change", args=[found["only"]])
    return [
        Waiting(
            _("Councils without figures"),
            found["count"],
            url,
            why=_("Their seats or members are missing on the page that everybody sees."),
        )
    ]
