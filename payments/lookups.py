"""Many questions to the provider side by side, where it is far away: asked one after the other they would take long."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

from .gateway import GatewayRefused, GatewayUnknown, refuse_inside_transaction
from .provider_shapes import Session

LANES = 8  # with some 0.3 s an answer a worker asks 25 times a second: far below what the provider allows
Answer = Session | GatewayUnknown


def sessions(ask: Callable[[str], Session], ids: Sequence[str], *, side_by_side: bool) -> dict[str, Answer]:
    """What `ask` says of each page; those that it refuses to speak of are left out.

    Once it does not answer of one, no further one is asked about: of those, too, the answer is that silence. Raises
    CalledInsideTransaction.
    """
    refuse_inside_transaction()  # other threads would not know of ours
    silence: list[GatewayUnknown] = []

    def one(session_id: str) -> Answer | None:
        if silence:
            return silence[0]
        try:
            return ask(session_id)
        except GatewayRefused:
            return None
        except GatewayUnknown as unknown:
            silence.append(unknown)
            return unknown

    answers = list(_lanes().map(one, ids) if side_by_side else map(one, ids))
    return {session_id: answer for session_id, answer in zip(ids, answers, strict=True) if answer is not None}


@lru_cache(maxsize=1)
def _lanes() -> ThreadPoolExecutor:
    # Kept: each thread keeps its line to the provider open.
    return ThreadPoolExecutor(LANES, thread_name_prefix="provider")
