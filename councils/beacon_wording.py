"""The public events that a draw can be bound to, and what came out of them, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.templatetags.madang import moment_text
from councils.drawing.beacons import randomness
from councils.states import BeaconKind


def beacon_in_words(description: Mapping[str, Any]) -> str:
    """Which event it is, with its time. `description` is that of a freeze."""
    when = moment_text(datetime.fromisoformat(description["at"]))
    match description["kind"]:
        case BeaconKind.LOTTO:
            return _("Lotto 6/45, draw %(number)s, broadcast on %(when)s") % {
                "number": description["number"],
                "when": when,
            }
        case BeaconKind.DRAND:
            return _("drand, round %(round)s, published on %(when)s") % {"round": description["round"], "when": when}
        case BeaconKind.BALLS:
            return _("%(count)s digits drawn with balls before an audience, from %(when)s on") % {
                "count": description["count"],
                "when": when,
            }
    return when


def value_in_words(description: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """What came out of it, as people compare it with the broadcast or the publication."""
    match description["kind"]:
        case BeaconKind.LOTTO:
            numbers = ", ".join(str(number) for number in value["numbers"])
            return _("%(numbers)s, bonus %(bonus)s") % {"numbers": numbers, "bonus": value["bonus"]}
        case BeaconKind.DRAND:
            return randomness(value["signature"])
        case _kind:
            return str(value["digits"])
