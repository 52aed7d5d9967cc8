"""What a report of watching costs at the door, how fast the merger settles what waits, and how long a report waits.

    python bench/evidence.py [--rounds 3] [--requests 2000] [--seconds 8] [--learners 10000]
                             [--only door|merger|rate|growth] [--kolibri] [--rows 5000000]

The door: processor time a report of a synchronous gunicorn worker in units of a bare Django view (bench/hello.py) of
the same run, while its database address leads nowhere, so that a single statement of SQL would be an error; with
--kolibri beside the heartbeat of Kolibri (watching/kolibri.py), which is installed for it and needs 600 MB. The merger:
reports a second from the stream into the tables, against bare batches (watching/merging.py says of what). The rate:
reports a second by 16 clients on kept lines before two workers as they are deployed, with the merger beside them on
the same machine; the lag is how long the oldest report waited, looked at 20 times a second. All in turn, medians.
The growth, only when asked for: rows a second into an empty log and into one of --rows (watching/growth.py).
Goals 6 and 7 of the design's page on performance.
"""

import argparse
import os
import secrets
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import own_servers
from bench.watching.door import door_cost, door_rate
from bench.watching.growth import log_growth
from bench.watching.merging import merge_rate, merged
from bench.watching.playbacks import stage


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--requests", type=int, default=2_000)
    asked.add_argument("--seconds", type=float, default=8)
    asked.add_argument("--learners", type=int, default=10_000)
    asked.add_argument("--only", choices=["door", "merger", "rate", "growth"])
    asked.add_argument("--rows", type=int, default=5_000_000)
    asked.add_argument("--kolibri", action="store_true")
    options = asked.parse_args()
    os.environ.setdefault("KEZHAN_ALLOWED_HOSTS", "127.0.0.1")
    os.environ.setdefault("ALLOW_SANDBOX", "1")
    os.environ.setdefault("KEZHAN_SECRET_KEY", secrets.token_urlsafe(48))
    with own_servers():
        playbacks = stage(options.learners)
        if options.only in (None, "door"):
            door_cost(playbacks, options.rounds, options.requests, with_kolibri=options.kolibri)
            merged()
        if options.only in (None, "merger"):
            merge_rate(playbacks, options.rounds)
        if options.only in (None, "rate"):
            door_rate(playbacks, options.rounds, options.seconds)
        if options.only == "growth":
            log_growth(playbacks, options.rounds, options.rows)


if __name__ == "__main__":
    main()
