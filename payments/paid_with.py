"""By what an order was paid, in words. The rows keep it as the provider names it: "card visa 4242", "wechat_pay"."""

from django.utils.translation import gettext as _

# Names as the brands write them; what is not here is shown as the provider calls it.
_BRANDS = {
    "visa": "Visa", "mastercard": "Mastercard", "amex": "American Express", "unionpay": "UnionPay", "jcb": "JCB",
    "diners": "Diners Club", "discover": "Discover", "link": "Link", "paypal": "PayPal",
}  # fmt: skip


def words(paid_with: str) -> str:
    """For people, in the reader's language; "" where nothing is known."""
    kind, *card = paid_with.split() or [""]
    if kind == "card":
        brand, digits = _brand(" ".join(card[:-1])), "".join(card[-1:])
        return _("%(brand)s card ending in %(digits)s") % {"brand": brand, "digits": digits} if brand else _("Card")
    own = {"alipay": _("Alipay"), "wechat_pay": _("WeChat Pay"), "bank_transfer": _("Bank transfer")}
    return own.get(kind) or _brand(kind)


def _brand(name: str) -> str:
    return _BRANDS.get(name, name.replace("_", " ").title())
