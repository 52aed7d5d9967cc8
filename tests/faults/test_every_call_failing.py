"""S1, call by call: each thing that the gateway can ask fails in every way, and what it says of that is true.

Refused means that nothing happened. Unknown means that it may have: with the same key it has its effect once.
"""

from datetime import timedelta

import pytest

from payments.gateway import GatewayError, GatewayRefused, GatewayUnknown, gateway
from payments.kept_means import KeptMeans
from payments.sandbox import operations
from payments.sandbox.models import SandboxFault
from payments.sandbox.transport import SandboxTransport
from tests.faults.provider_calls import CALLS, METHODS, Call, Scene, at_the_provider, undone

pytestmark = pytest.mark.django_db
Mode = SandboxFault.Mode
AFTER = {Mode.TIMEOUT_AFTER, Mode.SLOW_AFTER, Mode.BROKEN_AFTER, Mode.ERROR_500_AFTER}
REFUSED = {Mode.CARD_402, Mode.REFUSED_400}
# What the provider keeps under the key and says again for a day.
KEPT = {Mode.ERROR_500, *REFUSED}
# Operations that the sandbox has for others than us, or for the desk.
NOT_ASKED = {"events.retrieve", "payment_intents.retrieve", "transfers.reversals.create"}


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SandboxTransport, "patience_s", 0.01)
    monkeypatch.setattr(SandboxTransport, "late_by", timedelta(0))  # the next request finds it done


def failing(call: Call, scene: Scene, mode: str) -> GatewayError:
    SandboxFault.objects.plan(call.operation, mode)
    with pytest.raises(GatewayError) as raised:
        call.make(scene, "try:1")
    assert not SandboxFault.objects.planned().exists(), "another operation was called"
    return raised.value


def test_every_call_of_the_gateway_is_among_them() -> None:
    assert set(CALLS) == METHODS
    assert set(vars(KeptMeans)) & METHODS, "what the gateway inherits is a call of it, too"
    assert {call.operation for call in CALLS.values()} == set(operations.names()) - NOT_ASKED


@pytest.mark.parametrize("method", CALLS)
def test_a_call_says_truly_what_is_known_and_has_its_effect_once(method: str) -> None:
    call, scene = CALLS[method], Scene()
    before = at_the_provider()
    with undone():
        call.make(scene, "try:0")
        whole = _counts(at_the_provider())
        assert (at_the_provider() != before) == call.leaves
    for mode in Mode:
        with undone():
            error = failing(call, scene, mode)
            assert isinstance(error, GatewayRefused if mode in REFUSED else GatewayUnknown), mode
            assert (at_the_provider() != before) == (call.leaves and mode in AFTER), mode
            if mode == Mode.LATE:
                gateway().balance()
                assert (at_the_provider() != before) == call.leaves, "what came late came"
            # A failure that is kept under the key is only said again.
            if not _is_done(call, mode):
                call.make(scene, "try:2" if mode in KEPT else "try:1")
            assert _counts(at_the_provider()) == whole, mode


def _is_done(call: Call, mode: str) -> bool:
    """Closing what is closed, or forgetting what is forgotten, is refused: whoever was not answered sees that it is."""
    return call.operation in ("checkout.sessions.expire", "customers.delete") and mode in {*AFTER, Mode.LATE}


def _counts(left: dict) -> dict:
    """How many of each, and in which states: what a second effect would change."""
    return {name: sorted(row[1:] for row in rows) if isinstance(rows, list) else rows for name, rows in left.items()}


@pytest.mark.parametrize("method", [name for name, call in CALLS.items() if call.leaves and not call.own_key])
def test_with_another_key_each_time_a_lost_answer_has_its_effect_twice_or_is_refused(method: str) -> None:
    """The negative control: what the same key is for."""
    call, scene = CALLS[method], Scene()
    with undone():
        call.make(scene, "try:0")
        once = _counts(at_the_provider())
    failing(call, scene, Mode.TIMEOUT_AFTER)
    try:
        call.make(scene, "try:2")
    except GatewayRefused:
        assert call.operation.startswith("disputes.")  # the bank reads one answer
    else:
        assert _counts(at_the_provider()) != once
