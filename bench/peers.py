"""What do pages of the same kind cost in other people's shops, in one run with ours?

    python bench/peers.py [--courses 1000] [--requests 40] [--only oscar,pretix,kolibri]

Each peer is installed from the package registry into var/bench/peers/<name> and filled with as many titles
(bench/peer_shops, one file a peer). Catalogue, product and search of it, of Kezhan and a bare Django view are asked in
turn by a visitor without a session, each of one gunicorn worker, three rounds, medians of processor time; peer after
peer. Ours twice: as it is served, and with the shop window changed before each request, so that pages, lists and counts
are drawn anew. Then catalogue and product behind nginx with the rules of deploy/nginx.conf, which keeps them for a
second: nginx and our worker together, asked as fast as one visitor can, the same packed (gzip), and no more than twenty
times a second. The peer stands alone, without an nginx of its own. bench/peers.md has the figures and says what is
compared with what.
"""

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.pages import ROUNDS
from bench.peer_shops import Peer, kolibri, oscar, pretix
from bench.seed import seeded
from bench.serving import answering, edge, server, spend
from bench.stage import say

# Times less than theirs that a list of 24 may cost.
LEAST = {"oscar": 50, "pretix": 50, "kolibri": 2}
# Pages that nginx keeps. So many more requests than without it: a second must turn several times meanwhile.
KEPT, MORE, A_SECOND = ("catalogue", "product"), 60, 20
_HEAD = "{:>7} {:>9} {:>7} {:>8} {:>6} {:>7} {:6} {:>8} {:>6} {:>7}"
_LINE = "{:7.2f} {:9.1f} {:7.0f} {:8.2f} {:6.1f} {:7.1f} {:6} {:8.2f} {:6.1f} {:7.1f}"
SHOPS = {"oscar": oscar.made, "pretix": pretix.made, "kolibri": kolibri.made}


def ours(words: list[str]) -> dict[str, list[str]]:
    from courses.models import Course

    slug = Course.objects.on_sale().order_by("-learners_count").values_list("slug", flat=True)[0]
    return {
        "catalogue": ["/courses/"],
        "product": [f"/courses/{slug}/"],
        "search": [f"/search/?{urlencode({'q': word})}" for word in words],
    }


def beside(peer: Peer, port: int, words: list[str], requests: int) -> None:
    """A line for each kind of page."""
    from marketplace.lib import window
    from marketplace.local.ports import free_port

    shop, bare = free_port(), free_port()
    with (
        server("marketplace.wsgi:application", shop) as worker,
        server("bench.hello:application", bare) as hello,
        answering(peer.command, port, peer.folder, peer.env) as other,
        edge(shop) as (nginx, front),
    ):
        for page, addresses in ours(words).items():
            if page not in peer.pages:
                continue
            for each in ((worker, shop, addresses), (other, port, peer.pages[page])):
                spend(*each, 2)
            rounds = [
                (
                    spend(hello, bare, ["/"], 5 * requests),
                    spend(other, port, peer.pages[page], requests),
                    spend(worker, shop, addresses, 5 * requests),
                    spend(worker, shop, addresses, requests, before=window.change),
                )
                for _ in range(ROUNDS)
            ]
            h, theirs, kept, anew = (statistics.median(column) for column in zip(*rounds, strict=True))
            goal = ("met" if theirs / kept >= LEAST[peer.name] else "MISSED") if page == "catalogue" else ""
            columns = (h, theirs, theirs / h, kept, kept / h, theirs / kept, goal, anew, anew / h, theirs / anew)
            say(f"{peer.name:8} {page:10} {_LINE.format(*columns)}")
            if page in KEPT:
                behind(peer, page, (h, theirs), ([worker, *nginx], front, addresses), requests)


def behind(peer: Peer, page: str, beside: tuple[float, float], ours_is: tuple[Any, ...], requests: int) -> None:
    """A line of the same page as nginx sends it; `beside` is what bare view and peer cost just before."""
    h, theirs = beside
    ways: dict[str, dict[str, Any]] = {
        "": {},
        "packed": {"coding": "gzip"},
        f"{A_SECOND} a second": {"before": lambda: time.sleep(1 / A_SECOND)},
    }
    for way, how in ways.items():
        count = 5 * requests if "before" in how else MORE * requests
        spent = statistics.median(spend(*ours_is, count, **how) for _ in range(ROUNDS))
        less = theirs / spent
        goal = "met" if less >= LEAST[peer.name] else "MISSED"
        say(f"{peer.name:8} {page:10} behind nginx {way:12} {spent:6.3f} {spent / h:6.2f} ×H {less:7.1f} {goal}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--courses", type=int, default=1_000)
    asked.add_argument("--requests", type=int, default=40)
    asked.add_argument("--only", default=",".join(SHOPS))
    options = asked.parse_args()
    from marketplace.local.ports import free_port

    with seeded(options.courses):
        from bench.zipf import words_of
        from courses.models import Course

        titles = list(Course.objects.order_by("pk").values_list("title", flat=True))
        words = words_of("en").ranked[20:50]
        say("milliseconds of a processor a request")
        heads = ("bare", "theirs", "×H", "ours", "×H", "times", "", "anew", "×H", "times")
        say(f"{'':19} " + _HEAD.format(*heads))
        for name in options.only.split(","):
            port = free_port()
            beside(SHOPS[name](titles, words, port), port, words, options.requests)
        say(f"goals for the catalogue, and for a product behind nginx, times less than theirs: {LEAST}")


if __name__ == "__main__":
    main()
