"""How much of planted fraud do the detectors find, and how many honest people do they name?

    python bench/fraud.py [--towns 5] [--scale 2] [--seed 1]

Each town (tests/moderation/town.py) has honest families, internet cafés, students behind one network, companies, gifts,
colleagues, people with bad cards, classes and travelers, and fraud of all sizes planted among them, the same for the
same seed. Printed by detector: planted groups, those found, honest ones named, precision, recall, and what one look at
all accounts takes.
"""

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import own_servers, say


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--towns", type=int, default=5)
    asked.add_argument("--scale", type=int, default=2, help="how many of each kind live in a town")
    asked.add_argument("--seed", type=int, default=1, help="of the first town")
    options = asked.parse_args()
    with own_servers():
        _measure(options.towns, options.scale, options.seed)


def _measure(towns: int, scale: int, seed: int) -> None:
    from django.db import transaction

    from moderation import fraud
    from tests.moderation.town import NOW, Score, Town

    sums, taken = defaultdict(lambda: [0, 0, 0]), defaultdict(float)
    for number in range(towns):
        with transaction.atomic():
            town = Town(seed + number, scale)
            if not number:
                say("One town: " + ", ".join(f"{count:,} {name}" for name, count in town.size.items()))
            for code, find in fraud.DETECTORS.items():
                began = time.perf_counter()
                findings = list(find(NOW))
                taken[code] += time.perf_counter() - began
                score = town.score(code, findings)
                for place, value in enumerate((score.planted, score.found, score.wrong)):
                    sums[code][place] += value
            transaction.set_rollback(True)
    say(f"{'':16} {'planted':>8} {'found':>6} {'honest named':>13} {'precision':>10} {'recall':>7} {'ms':>7}")
    for code, counts in sums.items():
        score = Score(code, *counts)
        say(
            f"{code:16} {score.planted:8} {score.found:6} {score.wrong:13} {score.precision:10.3f}"
            f" {score.recall:7.3f} {1000 * taken[code] / towns:7.0f}"
        )


if __name__ == "__main__":
    main()
