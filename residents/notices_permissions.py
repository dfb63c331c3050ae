"""Who looks after mailings. It lives here because `core.notices` knows no roles.

The operator looks after all, the club's secretariat after those of the kinds that it may send.
"""

from typing import Any

import rules

from core.notices.kinds import all_kinds
from core.notices.models import Delivery, Mailing
from residents.models import User
from residents.permissions import Person, role_paths
from residents.states import Role

MAILING_VIEWERS = (Role.OPERATOR, Role.CLUB_SECRETARIAT)


def kinds_sent_by(user: User) -> set[str]:
    """Names of the kinds that this account may send."""
    return {kind.name for kind in all_kinds() if kind.may_send is not None and kind.may_send(user)}


def _looks_after(user: Person, thing: Any) -> bool:
    """`thing` is a mailing, one of its deliveries, or None for any at all."""
    if not isinstance(user, User) or not role_paths(user, *MAILING_VIEWERS):
        return False
    if thing is None or role_paths(user, Role.OPERATOR):
        return True
    mailing: Mailing = thing.mailing if isinstance(thing, Delivery) else thing
    return mailing.kind in kinds_sent_by(user)


looks_after_mailing = rules.predicate(_looks_after, name="looks_after_mailing")

rules.add_perm("notices.view_mailing", looks_after_mailing)
rules.add_perm("notices.send_again_mailing", looks_after_mailing)
rules.add_perm("notices.view_delivery", looks_after_mailing)
rules.add_perm("notices.settle_delivery", looks_after_mailing)
