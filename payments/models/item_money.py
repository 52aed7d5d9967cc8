"""What an order's item is called, and its amounts as money in its order's currency."""

from typing import TYPE_CHECKING, Any

from marketplace.lib.money import Money

from .item_values import title_of


class ItemMoney:
    """Mixed into OrderItem, whose columns these read. Constant queries only with `order`."""

    if TYPE_CHECKING:
        order: Any
        course_title: Any
        course_id: Any
        is_tip: Any
        list_minor: Any
        discount_minor: Any
        net_minor: Any
        tax_minor: Any
        price_minor: Any
        promotion_minor: Any
        platform_minor: Any
        affiliate_minor: Any
        creator_minor: Any
        refund_asked_minor: Any

    @property
    def title(self) -> str:
        """What was bought, in the reader's language where it is no course."""
        return title_of(self.course_title, self.is_tip, self.is_month)

    @property
    def is_month(self) -> bool:
        """One month of a membership, which has no course of its own."""
        return self.course_id is None

    @property
    def list_price(self) -> Money:
        return self._money(self.list_minor)

    @property
    def discount(self) -> Money:
        return self._money(self.discount_minor)

    @property
    def net(self) -> Money:
        return self._money(self.net_minor)

    @property
    def tax(self) -> Money:
        return self._money(self.tax_minor)

    @property
    def price(self) -> Money:
        """What the buyer pays for it."""
        return self._money(self.price_minor)

    @property
    def promotion(self) -> Money:
        return self._money(self.promotion_minor)

    @property
    def platform_share(self) -> Money:
        return self._money(self.platform_minor)

    @property
    def affiliate_share(self) -> Money:
        return self._money(self.affiliate_minor)

    @property
    def creator_share(self) -> Money:
        """All creators' together; each one's own is in `shares`."""
        return self._money(self.creator_minor)

    @property
    def refunded(self) -> Money:
        """What was given back of it, or is on its way."""
        return self._money(self.refund_asked_minor)

    @property
    def left(self) -> Money:
        """What can still be given back."""
        return self._money(self.price_minor - self.refund_asked_minor)

    def _money(self, minor: int) -> Money:
        return Money(minor, self.order.currency)
