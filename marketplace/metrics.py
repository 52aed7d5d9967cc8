"""Answers for the figures that operators watch: requests by route, and what waits, from the rows themselves.

Each web process counts into files of its own (PROMETHEUS_MULTIPROC_DIR), and whichever process is asked adds them up.
What waits is read from Postgres when asked, never counted along: the rows are the truth about work.
"""

import hmac
import ipaddress
import time
from collections.abc import Callable, Iterable

import redis
from django.conf import settings
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector

from discovery import demand, set_aside
from learners import stream
from marketplace.lib import work
from payments import watch

from . import heartbeat

REQUESTS = Counter("kezhan_requests", "Answers, by route, method and status", ["route", "method", "status"])
SECONDS = Histogram(
    "kezhan_request_seconds",
    "Time to answer, by route",
    ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 2, 5, 10),
)


class RequestMetrics:
    """Middleware: counts and times every request under its route, so that labels stay as few as the addresses."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        route = match.route if match else "unmatched"
        REQUESTS.labels(route, request.method, str(response.status_code)).inc()
        SECONDS.labels(route).observe(time.perf_counter() - began)
        return response


class Waiting(Collector):
    """What waits and what is dead by kind of work, and how long ago workers showed themselves."""

    def collect(self) -> Iterable[Metric]:
        open_rows = GaugeMetricFamily("kezhan_work_open", "Rows not finished", labels=["kind"])
        due = GaugeMetricFamily("kezhan_work_due", "Rows that a worker could take now", labels=["kind"])
        age = GaugeMetricFamily(
            "kezhan_work_oldest_due_seconds",
            "How long the oldest awaited row is due",
            labels=["kind"],
        )
        dead = GaugeMetricFamily("kezhan_work_dead", "Rows given up, for a person to look at", labels=["kind"])
        now = timezone.now()
        for kind in work.kinds():
            label = [kind._meta.label_lower]
            waiting = kind.due_work().aggregate(rows=Count("pk"))
            waiting |= kind.awaited_work().aggregate(oldest=Min("due_at"))
            rows = kind._default_manager.aggregate(
                open=Count("pk", filter=Q(finished_at=None, dead_at=None)), dead=Count("pk", filter=~Q(dead_at=None))
            )
            open_rows.add_metric(label, rows["open"])
            dead.add_metric(label, rows["dead"])
            due.add_metric(label, waiting["rows"])
            age.add_metric(label, max(0.0, (now - waiting["oldest"]).total_seconds()) if waiting["oldest"] else 0)
        return [open_rows, due, age, dead, self._workers()]

    def _workers(self) -> Metric:
        seen = GaugeMetricFamily(
            "kezhan_worker_age_seconds", "Since a worker of the queue showed itself", labels=["queue"]
        )
        try:
            for queue, age in heartbeat.ages().items():
                seen.add_metric([queue], age)
        except redis.RedisError:
            # The family stays empty: `absent(kezhan_worker_age_seconds)` is the alert for a broker that is down.
            pass
        return seen


class Watching(Collector):
    """Reports of watching on their way from the door into the tables."""

    def collect(self) -> Iterable[Metric]:
        waiting = GaugeMetricFamily("kezhan_watch_waiting", "Reports that are not settled yet")
        lag = GaugeMetricFamily("kezhan_watch_lag_seconds", "How long the oldest of them waits")
        merged = CounterMetricFamily("kezhan_watch_merged", "Reports settled")
        aside = GaugeMetricFamily(
            "kezhan_watch_set_aside", "Reports that could not be settled, for a person to look at"
        )
        try:
            found = stream.figures()
        except redis.RedisError:
            # As with the workers: BrokerGone says it.
            return [waiting, lag, merged, aside]
        waiting.add_metric([], found.waiting)
        lag.add_metric([], found.lag_s)
        merged.add_metric([], found.merged)
        aside.add_metric([], found.set_aside)
        return [waiting, lag, merged, aside]


class Index(Collector):
    """Courses that search is not told of."""

    def collect(self) -> Iterable[Metric]:
        aside = GaugeMetricFamily("kezhan_index_set_aside", "Courses whose words could not be indexed anew")
        aside.add_metric([], len(set_aside.now()))
        return [aside]


class Asked(Collector):
    """What people look for and is not counted any more."""

    def collect(self) -> Iterable[Metric]:
        dropped = GaugeMetricFamily("kezhan_demand_dropped", "Searches of this week whose new words found no room")
        try:
            dropped.add_metric([], demand.dropped())
        except redis.RedisError:
            # As with the workers: BrokerGone says it.
            pass
        return [dropped]


class Books(Collector):
    """Whether the books hold, when that was last looked at, and what does not fit between them and the provider."""

    def collect(self) -> Iterable[Metric]:
        breaks = GaugeMetricFamily("kezhan_ledger_breaks", "What the last run of a check found", labels=["check"])
        late = GaugeMetricFamily("kezhan_ledger_check_late", "1: a check has not run when it should", labels=["check"])
        standing = GaugeMetricFamily("kezhan_recon_breaks", "Open breaks with the provider", labels=["kind"])
        old = GaugeMetricFamily("kezhan_recon_breaks_old", "Open breaks that are older than a day")
        uncompared = GaugeMetricFamily(
            "kezhan_recon_late", "1: the books were not compared with the provider's in time"
        )
        silences = GaugeMetricFamily(
            "kezhan_provider_silences",
            "How often in a row one waiting thing met the provider's silence",
            labels=["kind"],
        )
        for check in watch.standings():
            breaks.add_metric([check.name], check.breaks)
            late.add_metric([check.name], int(check.is_late))
        by_kind, old_breaks = watch.open_breaks()
        for kind, count in by_kind.items():
            standing.add_metric([kind], count)
        old.add_metric([], old_breaks)
        uncompared.add_metric([], int(watch.is_comparison_late()))
        for kind, most in watch.silences().items():
            silences.add_metric([kind], most)
        return [breaks, late, standing, old, uncompared, silences]


def may_ask(request: HttpRequest) -> bool:
    """A bearer of the token, or a caller on a private network who did not come through a proxy from outside."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if settings.METRICS_TOKEN and hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        return True
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_private
    except ValueError:
        return False


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The Prometheus text form. To everybody else the address does not exist."""
    if not may_ask(request):
        raise Http404
    registry = CollectorRegistry()
    if settings.PROMETHEUS_MULTIPROC_DIR:
        multiprocess.MultiProcessCollector(registry, settings.PROMETHEUS_MULTIPROC_DIR)
    else:
        registry.register(REGISTRY)
    registry.register(Waiting())
    registry.register(Watching())
    registry.register(Index())
    registry.register(Asked())
    registry.register(Books())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
