"""The bell: Celery carries hints that a row waits; the rows themselves hold the work."""

import os
from typing import Any

from celery import Celery, signals

from marketplace import transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

transport.use()
app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_configure.connect
def show_life(sender: Celery, **kwargs: Any) -> None:
    from marketplace.heartbeat import Heartbeat

    sender.steps["consumer"].add(Heartbeat)


@signals.setup_logging.connect
def leave_logging_to_settings(**kwargs: Any) -> None:
    """A receiver is all that Celery needs to keep its hands off LOGGING."""
