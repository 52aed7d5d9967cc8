"""Whether the site offers something now: what the environment says, else the last turn, else yes."""

from typing import NamedTuple

from django.http import Http404

from .held import held
from .models import SwitchTurn
from .models.switch import BY_CODE, SWITCHES, Switch

NAME = "operating switches"


class Standing(NamedTuple):
    """A switch as its page shows it; `last` None: nobody has turned it yet."""

    switch: Switch
    is_on: bool
    last: SwitchTurn | None


def is_on(code: str) -> bool:
    """Asks nothing for two seconds after it was asked last. Raises KeyError for what is no switch."""
    forced = BY_CODE[code].forced
    return held(NAME, _read).get(code, True) if forced is None else forced


def edition() -> str:
    """The name of this state of all of them."""
    return " ".join(switch.code for switch in SWITCHES if not is_on(switch.code))


def standing() -> list[Standing]:
    """All of them, read now."""
    last = _last()
    return [
        Standing(each, (last[each.code].is_on if each.code in last else True) if each.forced is None else each.forced,
                 last.get(each.code))
        for each in SWITCHES
    ]  # fmt: skip


def switch_or_404(code: str) -> Switch:
    if code not in BY_CODE:
        raise Http404
    return BY_CODE[code]


def _last() -> dict[str, SwitchTurn]:
    rows = SwitchTurn.objects.order_by("code", "-number").distinct("code").select_related("by")
    return {row.code: row for row in rows}


def _read() -> dict[str, bool]:
    return {code: row.is_on for code, row in _last().items()}
