"""Accounts. What an account may do comes from its roles and the predicates in the apps' permissions.py."""

import uuid
from typing import Any, ClassVar

import rules
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from residents.models.roles import RoleAssignment
from residents.states import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Make an account. Mail addresses are kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").strip().lower())


class User(AbstractBaseUser):
    """An account. There is no superuser: even the operator's rights are roles."""

    email = models.EmailField(_("mail address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    pseudonym = models.UUIDField(_("pseudonym"), default=uuid.uuid4, unique=True, editable=False)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="ko")
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)
    deceased_on = models.DateField(_("died on"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(is_active=False), name="user_erased_not_active"
            ),
            models.CheckConstraint(
                condition=models.Q(deceased_on__isnull=True) | models.Q(is_active=False),
                name="user_deceased_not_active",
            ),
            models.CheckConstraint(condition=models.Q(language__in=["ko", "en"]), name="user_language_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def username(self) -> str:
        """What libraries that know only user names print."""
        return self.email

    # True for the account of a request without the second step: it holds roles, and may do nothing by them.
    roles_are_locked = False

    @cached_property
    def active_roles(self) -> list[RoleAssignment]:
        """Today's roles with their regions: one query, once for each loaded account."""
        if not self.is_active:
            return []
        return list(RoleAssignment.objects.filter(user=self).valid_on(timezone.localdate()).select_related("region"))

    def has_role(self, *wanted: Role) -> bool:
        return not self.roles_are_locked and any(assignment.role in wanted for assignment in self.active_roles)

    @property
    def is_staff(self) -> bool:
        """May enter the desk at all, after the second step."""
        return bool(self.active_roles)

    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        return self.is_active and rules.has_perm(perm, self, obj)

    def has_perms(self, perm_list: list[str], obj: object | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        del app_label
        return self.is_staff
