"""The words for what a verification found, and for a beacon that cannot be right."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from councils.drawing import CLAIMS, Claim, Verdict

PROVED: Mapping[str, str | Promise] = {
    "form": gettext_lazy("The file is written in the one form that it can have: no byte of it is other."),
    "shape": gettext_lazy("Everything that the draw needs is in the file, and nothing else."),
    "freeze": gettext_lazy("The fingerprint is that of what was frozen."),
    "rule": gettext_lazy("The draw follows the published rule."),
    "openings": gettext_lazy("All withheld attributes fit their sealed commitments."),
    "panels": gettext_lazy("All 1,000 frozen panels keep every quota."),
    "shares": gettext_lazy("Everybody is in as many of the panels as their chance says."),
    "certificate": gettext_lazy(
        "The smallest chance is %(minimum)s. No lottery that keeps the quotas can raise it above %(bound)s."
    ),
    "beacon": gettext_lazy("What came out of the public event is written as it should be."),
    "notice": gettext_lazy("The freeze was made early enough: on %(frozen_at)s, before the event on %(at)s."),
    "genuine": gettext_lazy("The network of drand signed this round itself: nobody else can make this signature."),
    "exchange": gettext_lazy("The exchange between the panels is the one that the public event decided."),
    "counts_kept": gettext_lazy("Everybody is in as many panels after the exchange as before."),
    "drawn_panels": gettext_lazy("All 1,000 panels after the exchange keep every quota."),
    "alternates": gettext_lazy("The alternates of every panel and their order are those that the rule gives."),
    "choice": gettext_lazy(
        "The digits %(digits)s and the fingerprint choose panel %(chosen)s, with the members stated."
    ),
}
FAILED: Mapping[str, str | Promise] = {
    "form": gettext_lazy("The file was changed: it is not written in the one form that it can have."),
    "shape": gettext_lazy("The file is not a draw as it should be. It fails at: %(keys)s."),
    "freeze": gettext_lazy("What was frozen was changed afterwards: it has another fingerprint."),
    "rule": gettext_lazy("The draw does not follow the published rule."),
    "openings": gettext_lazy("Some opened attributes do not fit their sealed commitments: %(ids)s."),
    "panels": gettext_lazy("Not all of the frozen panels keep the quotas, or their stated numbers are wrong."),
    "shares": gettext_lazy("Somebody is in more or fewer of the panels than their chance says."),
    "certificate": gettext_lazy("The proof that the lottery is as fair as it can be does not hold."),
    "beacon": gettext_lazy("What came out of the public event cannot be right."),
    "notice": gettext_lazy("The freeze of %(frozen_at)s was made too late before the event on %(at)s."),
    "genuine": gettext_lazy("The network of drand did not sign this: it is not the signature of the round."),
    "exchange": gettext_lazy("The exchange between the panels is not the one that the public event decided."),
    "counts_kept": gettext_lazy("Somebody is in more or fewer panels after the exchange than before."),
    "drawn_panels": gettext_lazy(
        "Not all of the panels after the exchange keep the quotas, or their stated numbers are wrong."
    ),
    "alternates": gettext_lazy("The alternates or their order are not those that the rule gives."),
    "choice": gettext_lazy("The digits and the fingerprint choose another panel than the one stated."),
}
OPEN: Mapping[str, str | Promise] = {
    "openings_withheld": gettext_lazy(
        "Withheld attributes: %(count)s. Each of these persons can open their own; the committee can open all."
    ),
    "panels_stated_only": gettext_lazy(
        "The stated numbers of all 1,000 frozen panels keep the quotas. That they are true needs the withheld "
        "attributes."
    ),
    "shares_wide": gettext_lazy(
        "Somebody’s share of the panels is %(difference)s away from their chance, which the certificate says itself."
    ),
    "certificate_withheld": gettext_lazy("The proof of fairness can be checked by those who hold the attributes."),
    "certificate_not_certified": gettext_lazy(
        "The smallest chance is %(minimum)s; it is not proven that it cannot be raised. It cannot exceed %(bound)s."
    ),
    "genuine_compare_lotto": gettext_lazy("Please compare the lottery numbers with those that were broadcast."),
    "genuine_compare_balls": gettext_lazy("Please compare the digits with those that the audience saw."),
    "genuine_compare_seed": gettext_lazy("The seed was given by hand: nothing proves that it was not chosen."),
    "exchange_acceptance_only_told": gettext_lazy(
        "The exchange is the recorded one and the event allows it. Which exchanges the quotas allowed needs the "
        "withheld attributes."
    ),
    "drawn_panels_stated_only": gettext_lazy(
        "The stated numbers of all 1,000 panels after the exchange keep the quotas. That they are true needs the "
        "withheld attributes."
    ),
    "alternates_order_only": gettext_lazy(
        "The alternates follow the order of the public event. Whom each could replace needs the withheld attributes."
    ),
}
BEACON: Mapping[str, str | Promise] = {
    "lotto_number": gettext_lazy("There is no such draw of Lotto 6/45."),
    "lotto_numbers": gettext_lazy("Six numbers and a bonus number from 1 to 45 are needed, none of them twice."),
    "lotto_order": gettext_lazy("The six numbers are written from the smallest to the largest."),
    "drand_round": gettext_lazy("There is no such round of drand."),
    "drand_signature": gettext_lazy("The signature of a drand round has 96 hexadecimal digits in small letters."),
    "drand_false": gettext_lazy(
        "The network of drand did not sign this for the round that was frozen. Please copy the signature of exactly "
        "this round again."
    ),
    "balls_count": gettext_lazy("From 6 to 40 digits are drawn with balls."),
    "balls_at": gettext_lazy("The day and time of drawing the balls are missing."),
    "balls_digits": gettext_lazy("These are not as many digits as the freeze names."),
    "seed_hex": gettext_lazy("A seed is pairs of hexadecimal digits: 0–9 and a–f."),
    "beacon_value": gettext_lazy("What came out of the public event is not complete."),
    "beacon_unknown": gettext_lazy("This public event is not one that a draw can be bound to."),
}
VERDICTS: Mapping[Verdict, str | Promise] = {
    Verdict.PROVED: gettext_lazy("Proved"),
    Verdict.FAILED: gettext_lazy("Does not hold"),
    Verdict.OPEN: gettext_lazy("Left open"),
}


def claim_in_words(claim: Claim) -> str:
    """One sentence on what was proved, does not hold, or could not be checked."""
    match claim.verdict:
        case Verdict.PROVED:
            sentence = PROVED[claim.code]
        case Verdict.FAILED:
            sentence = FAILED[claim.code]
        case Verdict.OPEN:
            sentence = OPEN[f"{claim.code}_{claim.reason}"]
    words = str(sentence) % claim.facts
    reason = BEACON.get(claim.reason) if claim.verdict == Verdict.FAILED else None
    return f"{words} {reason}" if reason else words


def beacon_in_words(code: str) -> str:
    """The sentence for the code of a BeaconError."""
    return str(BEACON[code])


def claim_rows() -> list[dict[str, object]]:
    """Every claim with its sentences, for the page on which a browser verifies; placeholders stay as `%(name)s`.

    Each: `code`, `proved`, `failed`, and `open` as pairs of reason and sentence.
    """
    return [
        {
            "code": code,
            "proved": str(PROVED.get(code, "")),
            "failed": str(FAILED.get(code, "")),
            "open": [
                (key.removeprefix(f"{code}_"), str(text)) for key, text in OPEN.items() if key.startswith(f"{code}_")
            ],
        }
        for code in CLAIMS
    ]
