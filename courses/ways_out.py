"""Out of a list that nothing is left in: which of its filters, taken away, leaves how many courses."""

from collections.abc import Callable

from .filters import LABELS, Option, address_of


def ways_out(
    chosen: dict[str, str], narrowed: list[Option], left: Callable[[str, dict[str, str]], tuple[int, bool]]
) -> list[Option]:
    """The filters whose removal leaves something, the one that leaves most first. `narrowed`: the chosen options as the
    page draws them; `left`: how many courses there are without one filter (its name, and the rest), and whether more.
    """
    labels: dict[str, str] = {option.address: option.label for option in narrowed}
    found: list[Option] = []
    for name in chosen:
        if name not in LABELS:
            continue
        rest = {other: value for other, value in chosen.items() if other != name}
        count, has_more = left(name, rest)
        if count:
            address = address_of(rest)
            found.append(Option(labels.get(address, str(LABELS[name])), address, False, count, has_more))
    return sorted(found, key=lambda option: -(option.count or 0))
