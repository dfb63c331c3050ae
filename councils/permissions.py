"""Who may do what with councils. Everybody sees the roster on the site; this is about the desk."""

import rules

from councils.models import Council
from residents.permissions import OFFICIALS, within
from residents.states import Role

VIEWERS = (Role.OPERATOR, Role.DISTRICT_OFFICIAL, Role.DONG_OFFICIAL, Role.COUNCIL_OFFICER, Role.AUDITOR)


def _path(council: Council) -> str:
    return council.dong.path


sees_councils = within(_path, *VIEWERS)
keeps_councils = within(_path, Role.DISTRICT_OFFICIAL)
keeps_figures = within(_path, *OFFICIALS)

rules.add_perm("councils.view_council", sees_councils)
rules.add_perm("councils.add_council", keeps_councils)
rules.add_perm("councils.change_council", keeps_figures)
rules.add_perm("councils.start_conversion_council", keeps_councils)
rules.add_perm("councils.finish_conversion_council", keeps_councils)
rules.add_perm("councils.dissolve_council", keeps_councils)
