"""How the web processes run, here and in production. Command line options win over it."""

import os
import shutil
from pathlib import Path

from marketplace import logs

bind = "0.0.0.0:8000"
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES") or 2)
# Threads wait for the database and for parts of uploads; a process's Python runs one at a time anyway.
threads = int(os.environ.get("WEB_THREADS") or 8)
timeout = 60
graceful_timeout = 20
keepalive = 5
# A slow leak in a library shall not need a person at night.
max_requests = 20_000
max_requests_jitter = 2_000
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# We log each request ourselves, with its id.
accesslog = None
errorlog = "-"
logconfig_dict = logs.configuration(
    os.environ.get("KEZHAN_LOG_FORMAT") or "json", os.environ.get("KEZHAN_LOG_LEVEL") or "INFO"
)
control_socket_disable = True

_counts = os.environ.get("PROMETHEUS_MULTIPROC_DIR")


def on_starting(server):
    """Counts of the last start belong to processes that are gone."""
    if _counts:
        shutil.rmtree(_counts, ignore_errors=True)
        Path(_counts).mkdir(parents=True)


def child_exit(server, worker):
    if _counts:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)
