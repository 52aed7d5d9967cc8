"""In every test of payments Stripe's own OpenAPI file looks at what is sent and what the sandbox answers."""

import warnings
from typing import Any

import pytest

from tests.payments import stripe_spec


@pytest.fixture(scope="session")
def stripe_file() -> bool:
    try:
        stripe_spec.spec()
    except stripe_spec.SpecUnavailable as error:
        warnings.warn(f"Stripe's OpenAPI file cannot be had: the contract is NOT checked. {error}", stacklevel=1)
        return False
    return True


@pytest.fixture(autouse=True)
def _contract_everywhere(stripe_file: bool, settings: Any) -> None:
    if stripe_file:
        settings.PAYMENTS_HTTP_CLIENT = "tests.payments.stripe_spec.ContractTransport"
