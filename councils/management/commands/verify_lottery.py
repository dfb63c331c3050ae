"""./run manage verify_lottery draw.json: whether a draw is what it says, claim by claim."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from councils.drawing import Verdict, is_verified, verify_bytes
from councils.drawing_wording import VERDICTS, claim_in_words

BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Replays a draw from its file and says which of its claims are proved, do not hold, or stay open. "
        "Exit code 1: something does not hold; 2: there is no such file."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="as draw_lottery writes it")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, metavar="LANGUAGE", help="ko or en")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["language"] not in dict(settings.LANGUAGES):
            text = f"There is no language “{options['language']}” here: {', '.join(dict(settings.LANGUAGES))}."
            raise CommandError(text, returncode=BAD_INPUT)
        with override(options["language"]):
            claims = verify_bytes(_read(options["file"]))
            for claim in claims:
                out = self.stderr if claim.verdict == Verdict.FAILED else self.stdout
                out.write(f"{VERDICTS[claim.verdict]}: {claim_in_words(claim)}")
            if not is_verified(claims):
                raise CommandError(_("This draw does not verify."))
            self.stdout.write(_("The draw verifies."))


def _read(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        text = _("The file “%(path)s” cannot be read (%(reason)s).") % {"path": name, "reason": reason}
        raise CommandError(text, returncode=BAD_INPUT) from error
