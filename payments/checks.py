"""Deploy checks of payments: nobody opens a shop whose till is a toy, or a toy with a real key in it."""

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register

from .models import RefundRule


@register(Tags.security)
def sandbox_has_no_live_key(**_kwargs: Any) -> list[Error]:
    if settings.PAYMENTS_TRANSPORT == "sandbox" and "_live_" in settings.STRIPE_SECRET_KEY:
        return [Error("A live Stripe key is set, so the sandbox must not play the provider.", id="payments.E001")]
    return []


@register(Tags.security, deploy=True)
def sandbox_is_meant(**_kwargs: Any) -> list[Error]:
    if settings.PAYMENTS_TRANSPORT == "sandbox" and not settings.DEBUG and not settings.ALLOW_SANDBOX:
        hint = "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or say ALLOW_SANDBOX=1 on a demonstration site."
        return [Error("The sandbox is the payment provider: no money moves.", hint=hint, id="payments.E002")]
    return []


@register(Tags.security)
def money_waits_for_refunds(**_kwargs: Any) -> list[Error]:
    """Later rules are held to the same when they are introduced: RefundRule.objects.introduce.

    A setting that is shortened after that pays nobody too early: each order waits as long as its own rule asks
    (`Order.objects.mark_paid`). This only says early that the two do not fit.
    """
    longest = RefundRule._meta.get_field("part_days").default
    if longest >= settings.KEZHAN_HOLD_DAYS:
        hint = f"Set KEZHAN_HOLD_DAYS to {longest + 1} or more."
        return [Error(f"Money would be paid out while learners can still take it back ({longest} days).", hint=hint,
                      id="payments.E003")]  # fmt: skip
    return []
