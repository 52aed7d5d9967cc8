"""Answers for bin/dev: all of Kezhan on this machine, from empty folder to `Kezhan is ready`, until Ctrl-C."""

from __future__ import annotations

import argparse
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from .chores import ask, chore
from .frontend import BUILT, fingerprint
from .guard import Stop, guarded
from .home import ROOT, LocalError, claim, fail, home, local_secrets, read_env, say, write_env
from .logs import Tail
from .ports import is_free
from .processes import TICK, Process, end_all
from .servers import Servers

READY_WITHIN = 120.0
# Films have a worker of their own: one long transcode must not keep mails and money waiting.
QUEUES = {"worker": "default,mail,payments,books", "worker-video": "video"}


class Run:
    """One run of bin/dev."""

    def __init__(self, options: argparse.Namespace, stop: Stop) -> None:
        self.options, self.stop = options, stop
        self.folder = home()
        self.logs = self.folder / "log"
        self.port = int(os.environ.get("PORT") or 8000)
        self.url = f"http://127.0.0.1:{self.port}"
        self.began = time.monotonic()
        self.processes: list[Process] = []
        self.answer = "nothing yet"

    def __call__(self) -> int:
        with claim(self.folder, "Kezhan"):
            if not is_free(self.port):
                raise LocalError(f"Port {self.port} is in use. Choose another: PORT={self.port + 1} bin/dev")
            self.servers = Servers(self.folder, local_secrets(self.folder), durable=True)
            try:
                self.servers.start(self.stop)
                self.env = self.servers.env | self.environment()
                self.prepare()
                self.start()
                self.watch()
            except LocalError as error:
                return fail(error)
            finally:
                say("Stopping …")
                end_all(self.processes, self.stop.hurry)
                self.servers.end()
                say("Stopped.")
        return 0

    def environment(self) -> dict[str, str]:
        """What the processes are told beyond the person's own environment, which wins."""
        ours = {
            "KEZHAN_HOME": str(self.folder),
            "KEZHAN_BASE_URL": self.url,
            "KEZHAN_DEBUG": "1" if self.options.reload else "0",
            "KEZHAN_LOG_FORMAT": "text",
            "ALLOW_SANDBOX": "1",
            "PYTHONUNBUFFERED": "1",
        }
        given = {**read_env(self.folder / ".env"), **os.environ}
        return {name: given.get(name, value) for name, value in ours.items()}

    def prepare(self) -> None:
        """The database in shape, the static files in place, an empty installation filled."""
        self.chore("Migrating the database", "migrate", "--no-input")
        stamp, now = self.folder / "static.stamp", fingerprint([BUILT, ROOT / "static", ROOT / "requirements.txt"])
        if not stamp.exists() or stamp.read_text() != now:
            self.chore("Collecting static files", "collectstatic", "--no-input", "--clear")
            stamp.write_text(now)
        # The command writes the logins last; it looks for itself whether there is somebody's own work.
        if not (self.folder / "logins.txt").exists():
            self.chore("Filling an empty installation with sample data", "sample_data", "--if-empty")

    def chore(self, title: str, *arguments: str) -> None:
        if not self.stop():
            chore(title, list(arguments), self.logs, self.env, self.stop)

    def start(self) -> None:
        if self.stop():
            return
        celery = [sys.executable, "-m", "celery", "-A", "marketplace"]
        worker = [*celery, "worker", "--without-gossip", "--without-mingle", "--loglevel", "INFO"]
        video = str(max(1, (os.cpu_count() or 2) - 1))
        web = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "-b", f"127.0.0.1:{self.port}"]
        beat = [*celery, "beat", "--schedule", str(self.folder / "beat"), "--pidfile=", "--loglevel", "INFO"]
        programs: dict[str, list[str]] = {
            "web": [*web, *(["--reload"] if self.options.reload else []), "marketplace.wsgi"],
            "worker": [*worker, "--queues", QUEUES["worker"], "--hostname", "worker@%h", "--concurrency", "2"],
            "worker-video": [
                *worker,
                "--queues",
                QUEUES["worker-video"],
                "--hostname",
                "video@%h",
                "--concurrency",
                video,
            ],
            "watch": [sys.executable, "manage.py", "merge_reports"],
            "beat": beat,
        }
        self.processes = [Process(name, command, self.logs, dict(self.env)) for name, command in programs.items()]
        self.processes[0].env = {**self.env, "PROMETHEUS_MULTIPROC_DIR": str(self.folder / "metrics")}
        for process in self.processes:
            process.start()

    def watch(self) -> None:
        """Until somebody asks to stop: revives what dies, shows logs, and says once that all is ready."""
        everything = [*self.servers.processes, *self.processes]
        tail = Tail(everything) if self.options.verbose else None
        limit, ready, looked = time.monotonic() + READY_WITHIN, False, 0.0
        while not self.stop():
            for process in everything:
                if not process.is_alive() and not self.stop():
                    process.revive()
            if tail:
                tail.show()
            if not ready and time.monotonic() - looked > 0.5:
                looked = time.monotonic()
                ready = self.is_ready()
                if ready:
                    self.announce()
                elif time.monotonic() > limit:
                    raise LocalError(
                        f"Kezhan is not ready after {READY_WITHIN:.0f} s: {self.url}/readyz says\n{self.answer}"
                    )
            time.sleep(TICK)

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=10) as response:
                return bool(response.status == 200)
        except urllib.error.HTTPError as error:
            self.answer = error.read().decode(errors="replace")
        except OSError as error:
            self.answer = str(error)
        return False

    def announce(self) -> None:
        write_dev_env(self.folder, self.url, self.env)
        say(f"\nKezhan is ready at {self.url}")
        say(f"(after {time.monotonic() - self.began:.0f} s; Ctrl-C ends it)")
        logins = self.folder / "logins.txt"
        if logins.exists():
            say(logins.read_text().rstrip())
        say(f"Logs are in {self.logs}, tokens and addresses for programs in {self.folder / 'dev.env'}.")


def write_dev_env(folder: Path, url: str, env: dict[str, str]) -> None:
    """What programs on this machine need: addresses, and API tokens of the sample moderator and finance officer."""
    path = folder / "dev.env"
    known, values = read_env(path), {"KEZHAN_URL": url, **env}
    logins = read_env(folder / "logins.env")
    for role in ("MODERATOR", "FINANCE"):
        if email := logins.get(f"KEZHAN_{role}_EMAIL"):
            name = f"KEZHAN_{role}_TOKEN"
            token = known.get(name, "")
            values[name] = token if token and opens(url, token) else ask(["issue_token", email], env).split()[-1]
    write_env(path, values, "Made by bin/dev at each start: source it, or let docs/examples/loop.py read it.")


def opens(url: str, token: str) -> bool:
    """Whether the installation still knows the token."""
    request = urllib.request.Request(f"{url}/api/v1/orders/", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10):
            return True
    except OSError:
        return False


def main() -> int:
    parser = argparse.ArgumentParser(prog="bin/dev", description="Starts all of Kezhan on this machine.")
    parser.add_argument("--verbose", action="store_true", help="show every process's log lines here")
    parser.add_argument("--reload", action="store_true", help="debug pages; the web starts anew when code changes")
    options = parser.parse_args()
    return guarded(lambda stop: Run(options, stop)())


if __name__ == "__main__":
    sys.exit(main())
