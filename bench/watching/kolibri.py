"""Kolibri's heartbeat: what its player sends while somebody watches (PUT trackprogress), by a person who is logged in.

Kolibri is installed from the package registry and filled as for bench/peers.py, with its own defaults.
"""

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any

import psutil

from bench.peer_shops import kolibri
from bench.serving import answering

TITLES = [f"Course {number}" for number in range(1_000)]


@contextmanager
def heartbeat(port: int) -> Iterator[tuple[psutil.Process, int, bytes]]:
    """Its one worker, its port, and the request that her player sends every few seconds."""
    peer = kolibri.made(TITLES, [], port)
    with answering(peer.command, port, peer.folder, peer.env) as worker:
        person = _Person(port)
        person.ask("PUT", "/api/auth/session/current/", {"active": True})
        person.ask("POST", "/api/auth/session/", {"username": "bench", "password": "bench-2026"})
        film = person.ask("GET", peer.pages["product"][0])
        opened = {"node_id": film["id"], **{name: film[name] for name in ("content_id", "channel_id", "kind")}}
        session = person.ask("POST", "/api/logger/trackprogress/", opened)["session_id"]
        told = {"progress_delta": 0.0001, "time_spent_delta": 15}
        path = f"/api/logger/trackprogress/{session}/"
        person.ask("PUT", path, told)
        yield worker, port, person.request("PUT", path, told)


class _Person:
    """Her browser's cookies."""

    def __init__(self, port: int) -> None:
        self.port, self.cookies = port, SimpleCookie[str]()

    def headers(self) -> dict[str, str]:
        token = self.cookies["kolibri_csrftoken"].value if "kolibri_csrftoken" in self.cookies else ""
        kept = "; ".join(f"{name}={each.value}" for name, each in self.cookies.items())
        return {"Cookie": kept, "X-CSRFToken": token, "Content-Type": "application/json"}

    def ask(self, method: str, path: str, told: dict[str, Any] | None = None) -> Any:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        line.request(method, path, json.dumps(told) if told else None, self.headers())
        answer = line.getresponse()
        said = answer.read()
        line.close()
        if answer.status >= 400:
            raise SystemExit(f"Kolibri answered {method} {path} {answer.status}: {said[:300]!r}")
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookies.load(value)
        return json.loads(said)

    def request(self, method: str, path: str, told: dict[str, Any]) -> bytes:
        body = json.dumps(told).encode()
        head = {"Host": f"127.0.0.1:{self.port}", "Connection": "close", "Content-Length": len(body), **self.headers()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
        return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body
