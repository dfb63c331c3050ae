"""The first operator: the account from which all other roles are given."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from core.errors import RuleViolation
from residents.consents import ACCOUNT
from residents.models import User
from residents.persons import ImplausibleError, cleaned_name
from residents.services import grant_role, register_person
from residents.services.roles import open_roles
from residents.states import Role

WRONG_INPUT = 2


class Command(BaseCommand):
    """`manage.py create_operator EMAIL`: make the account if there is none, and give it the role of operator."""

    help = (
        "Gives the account with this mail address the role of operator; makes the account if there is none. "
        "Asks for the password on a terminal, reads it with --password-stdin, or else prints a link to set it once. "
        "May be called again: what is there already is left as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="mail address of the operator")
        parser.add_argument("--name", default="Operator", help="name of the person, for a new account")
        parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
        parser.add_argument("--link", action="store_true", help="print a link instead of asking for the password")
        parser.add_argument("--site", default="", help="address of the site in front of the link")

    def handle(self, *args: Any, **options: Any) -> None:
        del args
        with override("en"):
            email = _address(options["email"])
            existing = User.objects.filter(email=email).first()
            password = None if existing and existing.has_usable_password() else self._password(options, email)
            try:
                person, is_new_role = _make(email, options["name"], password)
            except RuleViolation as no:
                raise CommandError(no.text, returncode=WRONG_INPUT) from None
            self.stdout.write(f"Account: {'there already' if existing else 'made'}.")
            self.stdout.write(f"Role of operator: {'given' if is_new_role else 'held already'}.")
            if person.has_usable_password():
                return
        self.stdout.write("The password is set once with this link:")
        self.stdout.write(options["site"].rstrip("/") + _link(person))

    def _password(self, options: dict[str, Any], email: str) -> str | None:
        """The password typed or piped in; None for a link."""
        if options["password_stdin"]:
            password = sys.stdin.readline().rstrip("\r\n")
        elif options["link"] or not sys.stdin.isatty():
            return None
        else:
            password = getpass.getpass("Password: ")
            if getpass.getpass("Password again: ") != password:
                raise CommandError("The two passwords differ. Nothing was changed.", returncode=WRONG_INPUT)
        try:
            validate_password(password, User(email=email))
        except ValidationError as no:
            raise CommandError(" ".join(no.messages), returncode=WRONG_INPUT) from None
        return password


def _address(text: str) -> str:
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError:
        raise CommandError(f"{text!r} is not a mail address.", returncode=WRONG_INPUT) from None
    return email


@transaction.atomic
def _make(email: str, name: str, password: str | None) -> tuple[User, bool]:
    """The account, and whether the role was given now."""
    at = timezone.now()
    person = User.objects.filter(email=email).first()
    if person is None:
        try:
            cleaned = cleaned_name(name)
        except ImplausibleError:
            raise CommandError(f"{name!r} is not a name.", returncode=WRONG_INPUT) from None
        person = register_person(
            email=email, name=cleaned, password=password, mail_confirmed=True, consents=[ACCOUNT], at=at
        )
    elif password is not None:
        person.set_password(password)
        person.save(update_fields=["password"])
    if open_roles(person, timezone.localdate(at)).filter(role=Role.OPERATOR).exists():
        return person, False
    grant_role(user_id=person.pk, role=Role.OPERATOR, actor=None, at=at)
    return person, True


def _link(person: User) -> str:
    return reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(person), "key": default_token_generator.make_token(person)},
    )
