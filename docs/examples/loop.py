#!/usr/bin/env python3
"""Walk the whole loop of Kezhan over its public API: teach, review, buy, watch, be paid.

    python docs/examples/loop.py http://127.0.0.1:8000 film.mp4

Standard library only. The operator's keys (KEZHAN_MODERATOR_TOKEN, KEZHAN_FINANCE_TOKEN) come from the environment, or
from var/dev.env, which bin/dev writes. Prints one line a step with its figures; exits 1 at the first step that fails.
"""

import json
import os
import secrets
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

DAY = 86_400
FINE = (200, 201, 202, 204)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Failed(Exception):
    """A step did not answer as it must."""


class Client:
    """One person's way to the API; without a token, a stranger's."""

    def __init__(self, base: str, token: str = "") -> None:
        self.base, self.token = base.rstrip("/"), token

    def send(self, method: str, url: str, data: bytes | None = None, headers: dict[str, str] | None = None,
             expect: tuple[int, ...] = FINE) -> tuple[int, bytes, Any]:  # fmt: skip
        full = url if "://" in url else self.base + url
        request = urllib.request.Request(full, data=data, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                status, body, seen = answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            status, body, seen = error.code, error.read(), error.headers
        if status not in expect:
            raise Failed(f"{method} {url} answered {status}, not {expect}: {body[:500].decode(errors='replace')}")
        return status, body, seen

    def call(self, method: str, path: str, body: Any = None, expect: tuple[int, ...] = FINE) -> Any:
        headers = {"Accept": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        data = None
        if body is not None:
            data, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        _status, answer, _seen = self.send(method, "/api/v1" + path, data, headers, expect)
        return json.loads(answer) if answer else None


def say(step: str, figures: str) -> None:
    print(f"{step:<28} {figures}", flush=True)


def must(fact: bool, sentence: str) -> None:
    if not fact:
        raise Failed(sentence)


def wait_for(what: str, ask: Any, seconds: float = 300, pause: float = 0.5) -> Any:
    """Ask until the answer is true; at most `seconds`."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(pause)
    raise Failed(f"{what} did not happen within {seconds:.0f} s")


def operator_keys() -> dict[str, str]:
    """KEZHAN_… from the environment, else from var/dev.env beside the project."""
    found: dict[str, str] = {}
    home = Path(os.environ.get("KEZHAN_HOME") or Path(__file__).resolve().parents[2] / "var")
    if (home / "dev.env").is_file():
        for line in (home / "dev.env").read_text(encoding="utf-8").splitlines():
            name, is_pair, value = line.partition("=")
            if is_pair and not line.startswith("#"):
                found[name.strip()] = value.strip().strip("'\"")
    found.update({name: value for name, value in os.environ.items() if name.startswith("KEZHAN_")})
    for name in ("KEZHAN_MODERATOR_TOKEN", "KEZHAN_FINANCE_TOKEN"):
        must(bool(found.get(name)), f"{name} is not set (manage.py issue_token prints one)")
    return found


def sign_up(base: str, name: str) -> Client:
    mark = secrets.token_hex(4)
    body = {"email": f"{name.lower()}-{mark}@example.com", "password": f"a long {mark} phrase", "name": name}
    return Client(base, Client(base).call("POST", "/people/", body, expect=(201,))["token"])


def upload(creator: Client, film: Path) -> tuple[str, int]:
    """Send the film part by part; returns the video's id and the number of parts."""
    data = film.read_bytes()
    made = creator.call("POST", "/uploads/", {"name": film.name, "size": len(data), "type": "video/mp4"})
    size, parts = made["part_size"], []
    for number, start in enumerate(range(0, len(data), size), 1):
        signed = creator.call("POST", f"/uploads/{made['id']}/parts/{number}/sign/")
        _status, _body, seen = creator.send(
            signed["method"], signed["url"], data[start : start + size], signed.get("headers") or {}
        )
        parts.append({"number": number, "etag": seen["ETag"].strip('"')})
    listed = creator.call("GET", f"/uploads/{made['id']}/parts/")
    listed = listed["results"] if isinstance(listed, dict) and "results" in listed else listed
    must(len(listed) == len(parts), f"{len(listed)} parts arrived of {len(parts)}")
    creator.call("POST", f"/uploads/{made['id']}/complete/", {"parts": parts})
    return made["video"]["id"], len(parts)


def ready(creator: Client, video: str) -> dict[str, Any]:
    def ask() -> Any:
        now = creator.call("GET", f"/videos/{video}/")
        must(now["state"] != "failed", f"the film failed: {now.get('failure')}")
        return now if now["state"] == "ready" else None

    return wait_for("the film", ask)


def teach(base: str, name: str, film: Path, price: dict[str, str]) -> tuple[Client, str, str, str]:
    """A creator with one course, two sections and two films, ready to publish.

    Returns her client, the course's slug, and the keys of the preview lesson and of the paid one.
    """
    creator = sign_up(base, name)
    creator.call(
        "POST", "/creators/", {"name": f"{name} Studio", "headline": "Teaches by showing", "bio": "Since 2020."}
    )
    say("signed up a creator", name)
    slug = creator.call("POST", "/studio/courses/", {"title": f"{name}'s first course"})["slug"]
    category = creator.call("GET", "/categories/")
    category = (category["results"] if isinstance(category, dict) else category)[0]["slug"]
    draft = creator.call("GET", f"/studio/courses/{slug}/")
    creator.call("PATCH", f"/studio/courses/{slug}/", {
        "revision": draft["revision"], "subtitle": "Everything in two films", "description": "What it is about.",
        "outcomes": ["See it", "Do it", "Teach it"], "requirements": ["Nothing"], "audience": ["Everybody"],
        "level": "beginner", "language": "en", "category": category})  # fmt: skip
    cover(creator, slug)
    keys, videos = [], []
    for number, title in enumerate(("Welcome", "The craft"), 1):
        section = creator.call("POST", f"/studio/courses/{slug}/sections/", {"title": f"Part {number}"})
        lesson = creator.call("POST", f"/studio/sections/{section['id']}/lessons/", {"title": title, "kind": "video"})
        started = time.monotonic()
        video, parts = upload(creator, film)
        creator.call("PATCH", f"/studio/lessons/{lesson['id']}/", {"video": video, "is_preview": number == 1})
        say("uploaded a film", f"{film.stat().st_size} bytes in {parts} parts, {time.monotonic() - started:.1f} s")
        keys.append(lesson["key"])
        videos.append(video)
    for video in videos:
        started = time.monotonic()
        done = ready(creator, video)
        rungs = ", ".join(f"{r['height']}p" for r in done["renditions"] if r["kind"] == "video")
        say(
            "the film is ready",
            f"{done['duration_ms'] / 1000:.1f} s long, rungs {rungs}, {time.monotonic() - started:.1f} s",
        )
    creator.call("POST", f"/studio/courses/{slug}/price/", {"amount": price})
    return creator, slug, keys[0], keys[1]


def cover(creator: Client, slug: str) -> None:
    """Send a plain 16:9 PNG, made here, as multipart form data."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes((60, 90, 140 + row // 8)) * 1280 for row in range(720))
    head = struct.pack(">IIBBBBB", 1280, 720, 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    edge = secrets.token_hex(8)
    top = (
        f'--{edge}\r\nContent-Disposition: form-data; name="cover"; filename="c.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    body = top.encode() + png + f"\r\n--{edge}--\r\n".encode()
    headers = {"Authorization": f"Bearer {creator.token}", "Content-Type": f"multipart/form-data; boundary={edge}"}
    creator.send("POST", f"/api/v1/studio/courses/{slug}/cover/", body, headers)


def review(creator: Client, moderator: Client, slug: str, send_back_first: bool) -> None:
    """Submit; be sent back once if asked; mend; be approved."""
    for attempt in (1, 2) if send_back_first else (2,):
        list_of = creator.call("GET", f"/studio/courses/{slug}/readiness/")
        done = [item["done"] for item in list_of["items"] if item["required"]]
        must(all(done), f"not ready to publish: {list_of}")
        creator.call("POST", f"/studio/courses/{slug}/submit/", {"note": f"Attempt {attempt}"})
        waiting = moderator.call("GET", "/moderation/submissions/?page_size=100")["results"]
        case = next(item["id"] for item in waiting if item["course"]["slug"] == slug)
        moderator.call("POST", f"/moderation/submissions/{case}/claim/")
        if attempt == 1:
            finding = {"rule_code": "honest_title", "text": "Say what the course teaches.", "at_second": 3}
            moderator.call("POST", f"/moderation/submissions/{case}/send-back/",
                           {"reason": "One thing to mend.", "findings": [finding]})  # fmt: skip
            draft = creator.call("GET", f"/studio/courses/{slug}/")
            creator.call(
                "PATCH",
                f"/studio/courses/{slug}/",
                {"revision": draft["revision"], "subtitle": "The craft in two films"},
            )
            say("sent back and mended", "1 finding")
        else:
            moderator.call("POST", f"/moderation/submissions/{case}/approve/", {"reason": "Clear and honest."})
            say("approved and on sale", slug)


def playlist_files(client: Client, master_url: str) -> list[str]:
    """Every file that the master playlist leads to, as full addresses."""
    files, todo = [], [master_url]
    while todo:
        address = todo.pop()
        _status, body, _seen = client.send("GET", address)
        files.append(address)
        for line in body.decode().splitlines():
            quoted = line.split('URI="')[1].split('"')[0] if 'URI="' in line else ""
            name = quoted or (line if line and not line.startswith("#") else "")
            if name:
                full = urllib.parse.urljoin(urllib.parse.urljoin(client.base + "/", address), name)
                (todo if name.split("?")[0].endswith(".m3u8") else files).append(full)
    return files


def buy(base: str, slugs: list[str], currency: str) -> tuple[Client, dict[str, Any]]:
    learner = sign_up(base, "Lin")
    order = learner.call("POST", "/orders/", {"courses": slugs, "currency": currency})
    say(
        "ordered two courses",
        f"{order['total']['minor']} {order['total']['currency']} minor units, order {order['number']}",
    )
    form = urllib.parse.urlencode({"action": "pay"}).encode()
    learner.send("POST", order["checkout_url"], form, FORM)

    def paid() -> Any:
        now = learner.call("GET", f"/orders/{order['number']}/")
        return now if now["state"] == "paid" else None

    started = time.monotonic()
    order = wait_for("the payment", paid, seconds=60)
    say("paid by webhook", f"after {time.monotonic() - started:.1f} s")
    return learner, order


def watch(learner: Client, stranger: Client, slug: str, preview: str, lesson: str) -> None:
    stranger.call("GET", f"/lessons/{preview}/playback/")
    stranger.call("GET", f"/lessons/{lesson}/playback/", expect=(401, 403))
    playback = learner.call("GET", f"/lessons/{lesson}/playback/")
    files = playlist_files(learner, playback["master_url"])
    total = sum(len(learner.send("GET", address)[1]) for address in files)
    say("fetched as the buyer", f"{len(files)} files, {total} bytes")
    for address in files:
        head, _token, rest = address.partition("/hls/")
        parts = rest.split("/")
        forged = "/".join([head, "hls", "0" * len(parts[0]), *parts[1:]])
        stranger.send("GET", forged, expect=(403,))
        anonymous = "/".join([head, "hls", parts[0], parts[1], "anon", *parts[3:]])
        stranger.send("GET", anonymous, expect=(403,))
    say("refused as a stranger", f"{2 * len(files)} times 403")
    duration = float(playback["duration_s"])
    report = {"token": playback["report_token"], "position": duration, "speed": 2}

    def tell() -> Any:
        """A report waits for a moment; what came of it is asked for."""
        number = learner.call("POST", "/watch/reports/", {**report, "intervals": [[0, duration]]})["received"]

        def settled() -> Any:
            standing = learner.call("POST", "/watch/standing/", {"token": report["token"]})["standing"]
            return standing if standing and standing["received"] == number else None

        return wait_for("the report to be settled", settled, seconds=20, pause=0.2)

    first = tell()
    must(float(first["covered_s"]) < duration, "a whole film was believed at once")
    say("a lie is not believed", f"{first['covered_s']} of {duration:.1f} s")

    def seen() -> Any:
        standing = tell()
        return standing if standing["is_done"] else None

    wait_for("watching to the end", seen, seconds=duration + 60, pause=2)
    progress = learner.call("GET", f"/courses/{slug}/progress/")
    say("watched to the end", f"lesson done; course {json.dumps(progress)[:90]}")


def paid_sale(creator: Client) -> Any:
    sales = creator.call("GET", "/earnings/sales/")["results"]
    return next((sale for sale in sales if sale["state"] == "paid"), None)


def pay_out(creators: list[Client], finance: Client) -> None:
    for creator in creators:
        account = creator.call("POST", "/payout-account/")
        creator.send("POST", account["onboarding_url"], b"action=finish", FORM)
        wait_for("onboarding", lambda c=creator: c.call("POST", "/payout-account/")["state"] == "active", seconds=60)
    finance.call("POST", "/sandbox/clock/", {"advance_seconds": 40 * DAY})
    run = finance.call("POST", "/payout-runs/")
    for creator in creators:
        sale = wait_for("the payout", lambda c=creator: paid_sale(c), seconds=60)
        share = sale["creator_share"]
        say("the creator is paid", f"{share['minor']} {share['currency']} minor units")
    before = [len(c.call("GET", "/payouts/")["results"]) for c in creators]
    finance.call("POST", "/payout-runs/")
    time.sleep(3)
    after = [len(c.call("GET", "/payouts/")["results"]) for c in creators]
    must(before == after == [1] * len(creators), f"payouts before and after a second run: {before} {after}")
    say("a second run sends nothing", f"run {run['id']}")
    books = finance.call("GET", "/ledger/trial-balance/")
    sums = [book["total"] for book in books["totals"]]
    must(all(int(total["minor"]) == 0 for total in sums), f"the ledger does not sum to zero: {sums}")
    say("the ledger sums to zero", "in " + ", ".join(total["currency"] for total in sums))


def main() -> None:
    if len(sys.argv) != 3 or not Path(sys.argv[2]).is_file():
        sys.exit(__doc__)
    base, film = sys.argv[1], Path(sys.argv[2])
    keys = operator_keys()
    moderator, finance = Client(base, keys["KEZHAN_MODERATOR_TOKEN"]), Client(base, keys["KEZHAN_FINANCE_TOKEN"])
    price = {"minor": "1999", "currency": "USD"}
    first, slug, preview, lesson = teach(base, "Ada", film, price)
    second, other, _preview, _lesson = teach(base, "Bo", film, price)
    review(first, moderator, slug, send_back_first=True)
    review(second, moderator, other, send_back_first=False)
    stranger = Client(base)
    asked = "/courses/?" + urllib.parse.urlencode({"q": "Ada's first course"})
    # The search index follows a publication within seconds.
    found = wait_for(
        "being found by search",
        lambda: [each["slug"] for each in stranger.call("GET", asked)["results"] if each["slug"] == slug],
        seconds=30,
    )
    say("found by search", found[0])
    learner, _order = buy(base, [slug, other], "USD")
    watch(learner, stranger, slug, preview, lesson)
    pay_out([first, second], finance)
    print("The loop is closed.")


if __name__ == "__main__":
    try:
        main()
    except (Failed, OSError, KeyError, StopIteration) as failure:
        print(f"FAILED: {type(failure).__name__}: {failure}", file=sys.stderr)
        sys.exit(1)
