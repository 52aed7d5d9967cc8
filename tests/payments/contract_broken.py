"""What both judges of the provider's contract raise."""


class ContractBroken(AssertionError):
    """A request or an answer is not as Stripe's file, or the types of its library, say."""
