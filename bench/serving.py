"""Who answers in a benchmark of pages, and what that costs: one worker of gunicorn, the same behind nginx with the
rules of deploy/nginx.conf, or nginx with files.
"""

import http.client
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from bench.stage import ROOT

_NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{}}
http {{
    access_log off; default_type text/html;
    client_body_temp_path {folder}/1; proxy_temp_path {folder}/2; fastcgi_temp_path {folder}/3;
    uwsgi_temp_path {folder}/4; scgi_temp_path {folder}/5;
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@contextmanager
def server(application: str, port: int) -> Iterator[psutil.Process]:
    command = [sys.executable, "-m", "gunicorn", application, "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    command += ["--log-level", "error"]
    with answering(command, port, ROOT, {**os.environ, "PYTHONPATH": str(ROOT)}) as worker:
        yield worker


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[psutil.Process]:
    """Sends the files of `folder`."""
    from marketplace.local.nginx import find_nginx

    program = find_nginx()
    if program is None:
        raise SystemExit("nginx is not installed")
    configuration = folder / "nginx.conf"
    configuration.write_text(_NGINX.format(folder=folder, port=port))
    command = [program, "-c", str(configuration), "-e", f"{folder}/nginx.log", "-g", f"user {folder.owner()};"]
    with answering(command, port, folder, dict(os.environ)) as worker:
        yield worker


@contextmanager
def edge(web: int) -> Iterator[tuple[list[psutil.Process], int]]:
    """nginx as in production before the server on that port: its processes that work, and its own port."""
    from marketplace.local import nginx as rules

    with tempfile.TemporaryDirectory(prefix="kezhan-bench-") as name:
        folder = Path(name)
        os.chmod(folder, 0o755)
        with rules.running(folder, f"127.0.0.1:{web}", folder) as address:
            time.sleep(1)
            processes = psutil.Process(int((folder / "nginx.pid").read_text())).children()
            yield [each for each in processes if "worker" in each.cmdline()[0]], int(address.rpartition(":")[2])


@contextmanager
def answering(command: list[str], port: int, folder: Path, env: dict[str, str]) -> Iterator[psutil.Process]:
    """The one worker of the server that `command` starts."""
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).request("GET", "/")
                break
            except OSError:
                time.sleep(0.1)
        time.sleep(1)
        yield psutil.Process(process.pid).children()[0]
    finally:
        process.terminate()
        process.wait(30)


def spend(
    worker: psutil.Process | list[psutil.Process], port: int, addresses: list[str], requests: int, cookie: str = "",
    connections: int = 1, before: Callable[[], None] | None = None, coding: str = "",
) -> float:  # fmt: skip
    """Processor milliseconds a request of all these workers together, `before` done before each. Ends the program where
    a request was not answered, or where a worker's clock says less than before: such a figure is of nothing.
    """
    wrong: list[str] = []
    asked = {name: value for name, value in (("Cookie", cookie), ("Accept-Encoding", coding)) if value}

    def ask(first: int) -> None:
        for number in range(first, requests, connections):
            if before:
                before()
            if told := _answer(port, addresses[number % len(addresses)], asked):
                wrong.append(told)

    crowd = [threading.Thread(target=ask, args=(first,)) for first in range(connections)]
    spent = clock(worker)
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    if wrong:
        raise SystemExit(wrong[0])
    took = clock(worker) - spent
    if took < 0:
        raise SystemExit(f"the worker's processor time went back by {-took:.3f} s: nothing was measured")
    return 1000 * took / requests


def clock(worker: psutil.Process | list[psutil.Process]) -> float:
    """Seconds of a processor that its threads, or those of all of them, have had: to the nanosecond where the kernel
    says it, else in hundredths, which are as long as forty bare requests.
    """
    if isinstance(worker, list):
        return sum(clock(each) for each in worker)
    try:
        threads = Path(f"/proc/{worker.pid}/task").iterdir()
        return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9
    except OSError:
        times = worker.cpu_times()
        return times.user + times.system


def _answer(port: int, address: str, headers: dict[str, str]) -> str:
    """What was wrong with the answer."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", address, headers=headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return "" if answer.status == 200 else f"{address} answered {answer.status}"
