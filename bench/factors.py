"""A kept library's ways of foretelling, for bench/matching.py: ALS and BPR of `implicit`, which is installed beside the
bench (bench/requirements.txt) and never by the product. How many factors is chosen on the part that chooses.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

FACTORS = (16, 32, 64, 128)
Baskets = list[list[int]]
Score = Callable[[list[int]], np.ndarray]
Measured = Callable[[Score, Baskets, Baskets], tuple[float, float]]
WAYS = {
    "implicit ALS": lambda library, factors: library.als.AlternatingLeastSquares(
        factors=factors, iterations=20, random_state=1, num_threads=1
    ),
    "implicit BPR": lambda library, factors: library.bpr.BayesianPersonalizedRanking(
        factors=factors, iterations=150, learning_rate=0.05, random_state=1, num_threads=1
    ),
}


def library(folder: Path) -> Any:
    """The library, installed into the folder where it is not."""
    target = folder / "peers"
    if not list(target.glob("implicit-*.dist-info")):
        listed = Path(__file__).parent / "requirements.txt"
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--no-deps",
            "--target",
            str(target),
            "-r",
            str(listed),
        ]
        subprocess.run(command, check=True)
    sys.path.append(str(target))
    # It warns where the numerics below it have threads of their own.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    import implicit

    return implicit


def fitted(
    implicit: Any, learned: Baskets, choosing: Baskets, known: Baskets, items: int, measured: Measured
) -> Iterator[tuple[str, Score, float]]:
    """(name, score, seconds of learning) of each way, with the number of factors that foretold `choosing` best."""
    for name, make in WAYS.items():
        best = max(FACTORS, key=lambda n: measured(_score(make(implicit, n), learned, items), learned, choosing)[0])
        began = time.perf_counter()
        score = _score(make(implicit, best), known, items)
        yield f"{name}, {best} factors", score, time.perf_counter() - began


def _score(model: Any, baskets: Baskets, items: int) -> Score:
    """Scores of people one after the other, as `measured` asks for them: such a model knows people, not baskets."""
    from scipy.sparse import csr_matrix

    places = np.cumsum([0, *map(len, baskets)])
    taken = np.concatenate([np.array(basket, dtype=np.int32) for basket in baskets])
    matrix = csr_matrix((np.ones(len(taken), dtype=np.float32), taken, places), shape=(len(baskets), items))
    model.fit(matrix, show_progress=False)
    rows = iter(np.asarray(model.user_factors) @ np.asarray(model.item_factors).T)
    return lambda _mine: next(rows)
