"""Django's command of this name would make an account that Madang does not have; this one says what to use instead."""

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "There is no superuser here: use create_operator."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("ignored", nargs="*", help="whatever Django's command would take")

    def handle(self, *_args: Any, **_options: Any) -> NoReturn:
        raise CommandError(
            "Madang has no superuser. The first operator is made by: manage.py create_operator MAIL", returncode=2
        )
