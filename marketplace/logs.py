"""Answers for the shape of log lines: one JSON object a line for machines, plain text for a person's terminal.

Lines of the standard library's loggers (Django, Celery, ours) and of structlog come out alike, with the request id.
"""

from typing import Any

import structlog


def without_celery_s_copy(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Celery hangs the whole task on its line once more; the task's arguments stay out of the logs."""
    event.pop("data", None)
    return event


SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.stdlib.ExtraAdder(),
    without_celery_s_copy,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def configuration(form: str, level: str) -> dict[str, Any]:
    """The LOGGING setting. `form` is "json" or "text"."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *SHARED[:3],
            structlog.stdlib.PositionalArgumentsFormatter(),
            SHARED[-1],
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": SHARED,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_rendered_as(form)],
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # Django and gunicorn hang handlers of their own on these; with them lines come twice, or otherwise.
            "gunicorn.error": {"handlers": [], "propagate": True},
            "django": {"handlers": [], "propagate": True},
            "django.server": {"handlers": [], "propagate": True},
            # The request line has the status already.
            "django.request": {"level": "ERROR"},
            # One line a task, not three; and the clock's ticks are not worth one.
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }


def _rendered_as(form: str) -> list[Any]:
    if form == "text":
        return [structlog.dev.ConsoleRenderer(colors=False)]
    return [
        structlog.processors.EventRenamer("message"),
        structlog.processors.dict_tracebacks,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ]
