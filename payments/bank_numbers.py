"""The shape of account numbers and bank codes; no bank is asked. Source: ISO 13616 (IBAN), ISO 9362 (BIC)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def account_number(text: str) -> str:
    """The number without spaces, upper case. What begins with two letters is an IBAN and must have its check digits."""
    number = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z0-9]{5,34}", number, re.ASCII):
        raise ValidationError(_("An account number has 5 to 34 letters and digits."), code="number")
    if number[:2].isalpha() and not _is_iban(number):
        raise ValidationError(_("The check digits of this IBAN are wrong. Please look at it again."), code="iban")
    return number


def bank_code(text: str) -> str:
    """A BIC of 8 or 11 places, or a national code of digits."""
    code = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?|[0-9]{3,16}", code, re.ASCII):
        raise ValidationError(_("A BIC has 8 or 11 places; a bank code has only digits."), code="bank_code")
    return code


def is_bic(code: str) -> bool:
    return code[:1].isalpha()


def _is_iban(number: str) -> bool:
    turned = number[4:] + number[:4]
    return number[2:4].isdigit() and int("".join(str(int(place, 36)) for place in turned)) % 97 == 1
