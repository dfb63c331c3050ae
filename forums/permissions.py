"""Who may do what in the club: the secretariat keeps it, members and those who act for them read and register.

A member's account is one that acts for a member today (`MemberAccount`), be it the head's own or of somebody in the
office. What is public is decided by states: forums that are published, publications that are published.
"""

from datetime import date
from typing import Any

import rules
from django.db.models import Q
from django.utils import timezone

from forums.models import Application, Forum, Material, Member, MemberAccount, Publication, Registration
from forums.states import PUBLIC_FORUMS, ForumStatus, MemberStatus, PublicationKind, PublicationStatus
from residents.models import User
from residents.permissions import EVERYWHERE, Person, role_paths, within
from residents.states import Role


def _anywhere(_obj: Any) -> str:
    return EVERYWHERE


def members_of(user: Person, day: date | None = None) -> list[Member]:
    """The members that this account acts for on `day` (today), one query; [] for visitors."""
    if not isinstance(user, User) or not user.is_active:
        return []
    day = day or timezone.localdate()
    acting = MemberAccount.objects.filter(
        Q(until__isnull=True) | Q(until__gt=day), user=user, since__lte=day, member__status=MemberStatus.ACTIVE
    )
    return [account.member for account in acting.select_related("member")]


def keeps_the_club(user: Person) -> bool:
    """Whether this account is the secretariat's."""
    return bool(role_paths(user, Role.CLUB_SECRETARIAT))


@rules.predicate
def is_member(user: Person, _obj: Any = None) -> bool:
    """The account acts for a member today."""
    return bool(members_of(user))


@rules.predicate
def acts_for_it(user: Person, obj: Member | Registration | None) -> bool:
    """The account acts for this member, or for the member of this registration."""
    member_id = obj.member_id if isinstance(obj, Registration) else (obj.pk if obj is not None else None)
    own = members_of(user)
    return bool(own) if obj is None else any(member.pk == member_id for member in own)


@rules.predicate
def is_own_application(user: Person, application: Application | None) -> bool:
    return application is not None and isinstance(user, User) and application.user_id == user.pk


def _is_public(forum: Forum) -> bool:
    """What was called off as a draft was never public."""
    if forum.status == ForumStatus.CANCELLED:
        return forum.versions.exists()
    return forum.status in PUBLIC_FORUMS


@rules.predicate
def is_public_forum(_user: Person, forum: Forum | None) -> bool:
    return forum is None or _is_public(forum)


@rules.predicate
def is_open_material(_user: Person, material: Material | None) -> bool:
    return material is not None and material.is_public and _is_public(material.forum)


@rules.predicate
def is_material_of_public_forum(_user: Person, material: Material | None) -> bool:
    return material is None or _is_public(material.forum)


@rules.predicate
def is_published(_user: Person, publication: Publication | None) -> bool:
    return publication is None or publication.status == PublicationStatus.PUBLISHED


@rules.predicate
def is_open_file(_user: Person, publication: Publication | None) -> bool:
    """Published, and no forum book: those hold the members' directory."""
    return publication is None or (
        publication.status == PublicationStatus.PUBLISHED and publication.kind != PublicationKind.BOOK
    )


secretariat = within(_anywhere, Role.CLUB_SECRETARIAT)
anybody = rules.predicate(lambda _user, _obj=None: True, name="anybody")

# What the secretariat keeps at the desk: (model, whether rows are added and changed by forms of the desk).
KEPT = (
    "member",
    "application",
    "memberaccount",
    "appointment",
    "outsider",
    "partner",
    "bylaws",
    "clubmeeting",
    "duesrate",
    "duescharge",
    "payment",
    "refund",
    "costshare",
    "registration",
    "printedtotal",
)
for _model in KEPT:
    for _verb in ("view", "add", "change"):
        rules.add_perm(f"forums.{_verb}_{_model}", secretariat)

# The directory: members and those who act for them, and the secretariat. Each reading is logged.
rules.add_perm("forums.read_directory", secretariat | is_member)
# Who has paid what: the secretariat all of it, a member their own.
rules.add_perm("forums.read_account", secretariat | acts_for_it)
rules.add_perm("forums.read_application", secretariat | is_own_application)

rules.add_perm("forums.view_forum", secretariat | is_public_forum)
rules.add_perm("forums.add_forum", secretariat)
rules.add_perm("forums.change_forum", secretariat)
rules.add_perm("forums.publish_forum", secretariat)
rules.add_perm("forums.register_for_forum", secretariat | acts_for_it)
rules.add_perm("forums.read_attendees", secretariat | is_member)
rules.add_perm("forums.view_material", secretariat | is_open_material | (is_member & is_material_of_public_forum))
rules.add_perm("forums.change_material", secretariat)
rules.add_perm("forums.read_book", secretariat | is_member)

rules.add_perm("forums.view_publication", secretariat | is_published)
rules.add_perm("forums.add_publication", secretariat)
rules.add_perm("forums.change_publication", secretariat)
# Its file: forum books hold the members' directory, so they are for members.
rules.add_perm("forums.read_publication", secretariat | is_open_file | (is_member & is_published))
