"""Processor time of a course's page and of the start of a purchase, in units of a bare Django view of the same run.

    python bench/purchase.py [--rounds 3] [--requests 30]

Both applications run in one synchronous gunicorn worker over HTTP; what is counted is the processor time of its process
tree, not the clock. Two starts are measured: putting the course into the cart, which is what the peers of the design's
goal 12 were measured by and so what counts for it (decision 11), and the POST of the checkout page by a buyer who has
logged in: order, shares and the provider's session, where the provider is the sandbox in the same process (its part is
counted too).
Wants the built front end, as the site does.
"""

import argparse
import http.client
import os
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.stage import ROOT, own_servers, say

VISITOR, BUYER, PUT, START = "course page, a visitor", "course page, the buyer", "put in the cart", "start to pay"
TOKEN = "b" * 32  # of both cookie and form: what the check against forgery compares


class Site:
    """A gunicorn with one worker, and what its process tree has spent."""

    def __init__(self, application: str, port: int) -> None:
        command = [sys.executable, "-m", "gunicorn", "-w", "1", "-k", "sync", "-b", f"127.0.0.1:{port}", application]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self.port = port
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL)

    def ask(self, method: str, path: str, body: str = "", cookies: str = "") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        return answer.status

    def wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                self.ask("GET", "/")
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise SystemExit("the site did not start")

    def spent(self) -> float:
        main = psutil.Process(self.process.pid)
        times = [process.cpu_times() for process in [main, *main.children(recursive=True)]]
        return sum(one.user + one.system for one in times)

    def cost(self, acts: list[Callable[[], int]], expected: int) -> float:
        """Milliseconds of processor time an act."""
        before = self.spent()
        answers = {act() for act in acts}
        if answers != {expected}:
            raise SystemExit(f"answered {answers}, not {expected}")
        return (self.spent() - before) / len(acts) * 1000


@contextmanager
def site(application: str, port: int) -> Iterator[Site]:
    running = Site(application, port)
    try:
        running.wait()
        yield running
    finally:
        running.process.terminate()
        running.process.wait()


def session_of(user: object) -> str:
    """The cookies of somebody who has logged in."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}; {settings.CSRF_COOKIE_NAME}={TOKEN}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--requests", type=int, default=30)
    options = asked.parse_args()
    with own_servers():
        measure(options.rounds, options.requests)


def measure(rounds: int, requests: int) -> None:
    from django.conf import settings

    from tests import cast
    from tests.courses.factories import make_course

    buyer = cast.lin()
    courses = [make_course(title=f"Course {n}", lessons=12) for n in range(rounds * requests + 2)]
    page = courses[0].get_absolute_url()
    found: dict[str, list[float]] = {}
    with ExitStack() as running:
        port = 20_000 + secrets.randbelow(20_000)
        hello = running.enter_context(site("bench.hello", port))
        shop = running.enter_context(site("marketplace.wsgi", port + 1))
        cookies = session_of(buyer)

        def look(cookies: str = "") -> Callable[[], int]:
            return lambda: shop.ask("GET", page, cookies=cookies)

        def put(slug: str) -> Callable[[], int]:
            form = {"csrfmiddlewaretoken": TOKEN, "course": slug}
            token = f"{settings.CSRF_COOKIE_NAME}={TOKEN}"
            return lambda: shop.ask("POST", "/cart/add/", urlencode(form), token)

        def start(slug: str) -> Callable[[], int]:
            form = {"csrfmiddlewaretoken": TOKEN, "course": slug, "total": 1999, "currency": "USD", "country": ""}
            return lambda: shop.ask("POST", "/checkout/", urlencode(form), cookies)

        shop.cost([look(), look(cookies)], 200)
        shop.cost([put(courses[1].slug), start(courses[1].slug)], 302)  # all are warm
        for number in range(rounds):
            slugs = [course.slug for course in courses[2 + number * requests : 2 + (number + 1) * requests]]
            costs = {
                "hello": hello.cost([lambda: hello.ask("GET", "/")] * (requests * 20), 200),
                VISITOR: shop.cost([look()] * requests * 10, 200),
                BUYER: shop.cost([look(cookies)] * requests, 200),
                PUT: shop.cost([put(slug) for slug in slugs], 302),
                START: shop.cost([start(slug) for slug in slugs], 302),
            }
            for name, cost in costs.items():
                found.setdefault(name, []).append(cost)
    report(found)


def report(found: dict[str, list[float]]) -> None:
    for name, costs in found.items():
        ratios = [cost / one for cost, one in zip(costs, found["hello"], strict=True)]
        each = ", ".join(f"{one:.2f}" for one in costs)
        say(f"{name:26} {statistics.median(costs):7.2f} ms  {statistics.median(ratios):6.1f} H   ({each})")
    for page, act, goal in ((VISITOR, PUT, "goal ≤ 30"), (VISITOR, START, "no goal"), (BUYER, START, "no goal")):
        rows = zip(found["hello"], found[page], found[act], strict=True)
        ratio = statistics.median((looked + started) / one for one, looked, started in rows)
        say(f"{page} + {act}: {ratio:.0f} H ({goal})")


if __name__ == "__main__":
    main()
