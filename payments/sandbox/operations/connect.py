"""What a creator's money goes through: recipients, their onboarding, transfers."""

from marketplace.lib import clock

from ..addresses import dashboard_url, onboarding_url
from ..encoding import whole
from ..errors import missing, wrong
from ..models import SandboxAccount, SandboxTransfer
from ..models.session import LEAST_LIFE
from ..models.thing import epoch, rfc3339
from .registry import Answer, Params, currency_of, operation, page


@operation("accounts.create", "post", "/v2/core/accounts")
def create_account(params: Params) -> Answer:
    return SandboxAccount.objects.open(params).as_stripe()


def _account(id_: str) -> SandboxAccount:
    account = SandboxAccount.objects.filter(pk=id_).first()
    if account is None:
        raise missing("account", id_)
    return account


@operation("accounts.retrieve", "get", "/v2/core/accounts/{id}")
def retrieve_account(params: Params, id: str) -> Answer:
    return _account(id).as_stripe()


@operation("account_links.create", "post", "/v2/core/account_links")
def create_account_link(params: Params) -> Answer:
    account = _account(str(params.get("account")))
    use = params.get("use_case", {})
    if use.get("type") != "account_onboarding" or "refresh_url" not in use.get("account_onboarding", {}):
        raise wrong("use_case", "The sandbox makes account_onboarding links with a refresh_url.")
    now = clock.now()
    return {
        "object": "v2.core.account_link",
        "account": account.pk,
        "created": rfc3339(now),
        "expires_at": rfc3339(now + LEAST_LIFE),
        "livemode": False,
        "url": onboarding_url(account.pk, use["account_onboarding"].get("return_url", "")),
        "use_case": use,
    }


@operation("login_links.create", "post", "/v1/accounts/{id}/login_links")
def create_login_link(params: Params, id: str) -> Answer:
    account = _account(id)
    if account.transfers != SandboxAccount.Transfers.ACTIVE:
        raise wrong("account", "Cannot create a login link for an account that has not completed onboarding.")
    return {"object": "login_link", "created": epoch(clock.now()), "url": dashboard_url(account.pk)}


@operation("transfers.create", "post", "/v1/transfers")
def create_transfer(params: Params) -> Answer:
    if "destination" not in params or "amount" not in params:
        raise wrong("destination", "Missing required param: destination or amount.", "parameter_missing")
    amount = whole(params["amount"], "amount")
    if amount <= 0:
        raise wrong("amount", "This value must be greater than or equal to 1.", "parameter_invalid_integer")
    return SandboxTransfer.objects.send(
        amount=amount, currency=currency_of(params), to=_account(params["destination"]),
        group=params.get("transfer_group", ""), metadata=params.get("metadata", {}),
    ).as_stripe()  # fmt: skip


def _transfer(id_: str) -> SandboxTransfer:
    transfer = SandboxTransfer.objects.filter(pk=id_).select_for_update().first()
    if transfer is None:
        raise missing("transfer", id_)
    return transfer


@operation("transfers.retrieve", "get", "/v1/transfers/{id}")
def retrieve_transfer(params: Params, id: str) -> Answer:
    return _transfer(id).as_stripe()


@operation("transfers.reversals.create", "post", "/v1/transfers/{id}/reversals")
def reverse_transfer(params: Params, id: str) -> Answer:
    amount = whole(params["amount"], "amount") if "amount" in params else None
    return _transfer(id).take_back(amount, params.get("metadata", {})).as_stripe()


@operation("transfers.list", "get", "/v1/transfers")
def list_transfers(params: Params) -> Answer:
    rows = SandboxTransfer.objects.prefetch_related("reversals")
    if "transfer_group" in params:
        rows = rows.filter(group=params["transfer_group"])
    return page(rows, params, "/v1/transfers")
