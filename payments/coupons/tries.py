"""How many wrong codes one person and one address may try. Counted in Valkey; without it no code is looked at."""

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from ..models.coupon import CouponRefused

SECONDS = 15 * 60
# An address may be a whole school's; a person is one person.
OF_PERSON, OF_ADDRESS = 10, 50


class TooManyCodes(CouponRefused):
    code = "too_many_codes"
    status = 429
    message = _("Too many codes were tried. Wait a quarter of an hour, or pay without one.")


class CodesNotReadable(CouponRefused):
    code = "codes_not_readable"
    status = 503
    message = _("Codes cannot be looked at just now. Try again in a minute, or pay without one.")


def must_be_left(person: int | None, address: str) -> None:
    """Raises TooManyCodes after too many wrong ones, CodesNotReadable when nobody can say how many there were."""
    try:
        counted = cache.get_many([key for key, _most in _keys(person, address)])
    except RedisError as error:
        raise CodesNotReadable from error
    if any(counted.get(key, 0) >= most for key, most in _keys(person, address)):
        raise TooManyCodes


def count_wrong(person: int | None, address: str, *, carried: str = "") -> None:
    """One more. The time runs from the first wrong one, not from the last. A wrong code that a browser carries from
    page to page (`carried`) is one try, however often it is asked: nobody learns more by it.
    """
    try:
        for key, _most in _keys(person, address):
            if carried and not cache.add(f"{key}.{carried}", 1, SECONDS):
                continue
            cache.add(key, 0, SECONDS)
            cache.incr(key)
    except RedisError as error:
        raise CodesNotReadable from error
    except ValueError:
        pass  # the count ran out between the two: it begins anew with the next wrong one


def _keys(person: int | None, address: str) -> list[tuple[str, int]]:
    keys = [(f"codes.person.{person}", OF_PERSON)] if person else []
    return [*keys, (f"codes.address.{address}", OF_ADDRESS)] if address else keys
