"""What the environment decides of the switches that administrators turn: nothing, where a variable is not set."""

from marketplace.lib import env


def forced() -> tuple[bool | None, ...]:
    """For sign-up, memberships, prices in parts and tips: on or off for good, or None where a row decides."""
    return (
        env.forced("KEZHAN_SIGN_UP"),
        env.forced("KEZHAN_MEMBERSHIPS"),
        env.forced("KEZHAN_INSTALMENTS"),
        env.forced("KEZHAN_TIPS"),
    )
