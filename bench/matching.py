"""How well links foretell what people take next, beside popularity, item-item cosine and a kept library, on public
data; and how new courses fare with and without the places that they are granted.

    python bench/matching.py [--folder var/bench] [--seeds 1 2] [--courses ratings_final.txt]

The data is MovieLens 100k as the wheel of recbole 1.2.1 carries it (read from the wheel; nothing of it is installed):
943 people, 1,682 items, 100,000 rows, every row a sign, as the design's page measured it. A tenth of each person's rows
is the test, another tenth chooses the strength of the ridge and the numbers of factors. Full ranking, what a person has
left out of her list. Prints Recall@20 and NDCG@20, the seconds of learning, and the design's goal 14.

`--courses`: what people took of courses, a line each of person, course and 1 or 0, as MOOCCube's in the repository
StZHY/KGAN (KGAN-master/data/course/ratings_final.txt; no package carries it): measured as well, with another goal.
"""

import argparse
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import factors
from bench.stage import ROOT, say
from discovery.matching import ease, gini

FILE = "recbole/dataset_example/ml-100k/ml-100k.inter"
LINKS_OF_ONE = 400  # as the nightly job keeps
OURS = f"ours: its {LINKS_OF_ONE} strongest links"
RIDGES = (50.0, 100.0, 200.0, 300.0, 500.0, 800.0)
FIRST = 20
Baskets = list[list[int]]


def rows_of(folder: Path) -> Baskets:
    """Each person's items, numbered from 0."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), "recbole==1.2.1"]
    if not list(folder.glob("recbole-1.2.1*.whl")):
        subprocess.run(command, check=True)
    (wheel,) = folder.glob("recbole-1.2.1*.whl")
    lines = zipfile.ZipFile(wheel).read(FILE).decode().splitlines()[1:]
    people: dict[str, list[int]] = {}
    items: dict[str, int] = {}
    for line in lines:
        person, item = line.split("\t")[:2]
        people.setdefault(person, []).append(items.setdefault(item, len(items)))
    return list(people.values())


def courses_of(file: Path) -> Baskets:
    """Each person's courses, of who took three or more, so that each part has one."""
    people: dict[str, list[int]] = {}
    items: dict[str, int] = {}
    for line in file.read_text().splitlines():
        person, item, sign = line.split()
        if sign == "1":
            people.setdefault(person, []).append(items.setdefault(item, len(items)))
    return [basket for basket in people.values() if len(basket) >= 3]


def split(baskets: Baskets, seed: int) -> tuple[Baskets, Baskets, Baskets]:
    """(learned from, for choosing, test) of each person."""
    random = np.random.default_rng(seed)
    parts: tuple[Baskets, Baskets, Baskets] = ([], [], [])
    for basket in baskets:
        mixed = list(random.permutation(basket))
        tenth = max(1, len(mixed) // 10)
        for part, rows in zip(parts, (mixed[2 * tenth :], mixed[tenth : 2 * tenth], mixed[:tenth]), strict=True):
            part.append([int(item) for item in rows])
    return parts


def measured(score: Callable[[list[int]], np.ndarray], has: Baskets, wanted: Baskets) -> tuple[float, float]:
    """(Recall@20, NDCG@20), the mean over people."""
    recalls, gains = [], []
    discounts = 1 / np.log2(np.arange(2, FIRST + 2))
    for mine, next_ones in zip(has, wanted, strict=True):
        scores = score(mine).copy()
        scores[mine] = -np.inf
        hits = np.isin(np.argsort(-scores, kind="stable")[:FIRST], next_ones)
        recalls.append(hits.sum() / len(next_ones))
        gains.append((hits * discounts).sum() / discounts[: len(next_ones)].sum())
    return float(np.mean(recalls)), float(np.mean(gains))


def cosine(together: np.ndarray) -> np.ndarray:
    lengths = np.sqrt(np.diag(together)) + 1e-9
    found = together / np.outer(lengths, lengths)
    np.fill_diagonal(found, 0)
    return found


def kept(found: np.ndarray) -> np.ndarray:
    """What the rows of `Links` keep of it: the strongest weights of each item, for or against."""
    few = np.zeros_like(found)
    for row, links in enumerate(ease.strongest(found, LINKS_OF_ONE)):
        for column, weight in links:
            few[row, column] = weight
    return few


def by(found: np.ndarray) -> Callable[[list[int]], np.ndarray]:
    return lambda mine: found[mine].sum(axis=0)


def always(scores: np.ndarray) -> Callable[[list[int]], np.ndarray]:
    return lambda _mine: scores


def compare(baskets: Baskets, seeds: Sequence[int], library: Any, goal: float) -> None:
    say(f"{len(baskets):,} people, {len({item for each in baskets for item in each}):,} items")
    items = 1 + max(max(basket) for basket in baskets)
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in seeds:
        learned, choosing, test = split(baskets, seed)
        part = ease.gram(learned, items)
        ridge = max(RIDGES, key=lambda one: measured(by(ease.weights(part, one)), learned, choosing)[0])
        known = [a + b for a, b in zip(learned, choosing, strict=True)]
        began = time.perf_counter()
        together = ease.gram(known, items)
        found = ease.weights(together, ridge)
        seconds = time.perf_counter() - began
        count = sum(map(len, known))
        popular = np.diag(together).astype(float)
        for name, score in (
            ("popularity", always(popular)),
            ("item-item cosine", by(cosine(together))),
            ("EASE, whole", by(found)),
            (OURS, by(kept(found))),
        ):
            rows.setdefault(name, []).append(measured(score, known, test))
        million = seconds * 1e6 / count
        say(f"seed {seed}: strength {ridge:.0f}, {seconds:.2f} s for {count:,} rows, {million:.1f} s a million")
        for name, score, took in factors.fitted(library, learned, choosing, known, items, measured):
            say(f"seed {seed}: {name}, {took:.2f} s, {took * 1e6 / count:.1f} s a million")
            rows.setdefault(name.split(",")[0], []).append(measured(score, known, test))
    report(rows, goal)


def report(rows: dict[str, list[tuple[float, float]]], goal: float) -> None:
    mean = {name: tuple(np.mean(found, axis=0)) for name, found in rows.items()}
    for name, (recall, gain) in mean.items():
        say(f"{name:32} Recall@20 {recall:.3f}   NDCG@20 {gain:.3f}")
    ours, whole, popular = (mean[name][0] for name in (OURS, "EASE, whole", "popularity"))
    say(f"ours - EASE: {ours - whole:+.4f} (goal ≥ -0.005)   ours ÷ popularity: {ours / popular:.2f} (goal ≥ {goal})")


def exposure(baskets: Baskets, every: int = 4, new: int = 100, readers: int = 5_000) -> None:
    """Readers come by, the rarest items are new: how often is each shown in a list of 24, with places and without?"""
    from discovery.matching.scoring import Match, Reason, Signal, best, with_looks
    from discovery.models.attention import LOOKS_GRANTED

    items = 1 + max(max(basket) for basket in baskets)
    together = ease.gram(baskets, items)
    fresh = set(np.argsort(np.diag(together), kind="stable")[:new].tolist())
    found = kept(ease.weights(together, 300.0))
    for granted in (False, True):
        counts = np.zeros(items, dtype=int)
        random = np.random.default_rng(3)
        for person in random.integers(0, len(baskets), readers):
            scores = found[baskets[person]].sum(axis=0)
            scores[baskets[person]] = -np.inf
            first = np.argsort(-scores, kind="stable")[:24]
            rows = best([Match(int(n), (Reason(Signal.HISTORY, float(scores[n])),)) for n in first], 24)
            owed = sorted((n for n in fresh if counts[n] < LOOKS_GRANTED), key=lambda n: (counts[n], n))[:12]
            looks = [Match(n, ()) for n in owed] if granted else []
            for one, _is_look in with_looks(rows, looks, every)[:24]:
                counts[one.course_id] += 1
        least = min(int(counts[n]) for n in fresh)
        word = "with" if granted else "without"
        evenness = gini.coefficient(counts.tolist())
        say(f"{word:8} granted places: Gini {evenness:.3f}; least shown new item {least} of {LOOKS_GRANTED}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    asked.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    asked.add_argument("--courses", type=Path, help="a file of who took which course")
    options = asked.parse_args()
    import os

    from marketplace.local.checks import PRODUCTION

    os.environ.update({**PRODUCTION, "DJANGO_SETTINGS_MODULE": "marketplace.settings"})
    import django

    django.setup()
    baskets = rows_of(options.folder)
    library = factors.library(options.folder)
    compare(baskets, options.seeds, library, goal=2.2)
    if options.courses:
        say(f"\n{options.courses.name}")
        compare(courses_of(options.courses), options.seeds, library, goal=1.25)
    say("")
    exposure(baskets)


if __name__ == "__main__":
    main()
