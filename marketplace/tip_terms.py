"""How much a tip may be, how many somebody may give, and how long she may take one back."""

from marketplace.lib import env


def asked() -> tuple[int, int, int]:
    """The most in times of a currency's least charge; tips a day; hours."""
    return (
        env.number("KEZHAN_TIP_MOST_TIMES", 400, least=1),
        env.number("KEZHAN_TIPS_A_DAY", 5, least=1),
        env.number("KEZHAN_TIP_BACK_HOURS", 24, least=1),
    )
