"""How long each side of a claim of copyright has, and how many upheld claims ask for a look at their creator."""

from marketplace.lib import env


def asked() -> tuple[int, int, int]:
    """Working days for each answer; upheld claims, and the days in which they count."""
    return (
        env.number("KEZHAN_RIGHTS_DAYS", 10, least=1),
        env.number("KEZHAN_RIGHTS_STRIKES", 3, least=1),
        env.number("KEZHAN_RIGHTS_STRIKE_DAYS", 365, least=1),
    )
