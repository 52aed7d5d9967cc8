"""The operators' page keeps up with what it describes."""

import re
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from discovery import set_aside
from marketplace import heartbeat

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
RULES = [
    rule for group in yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text())["groups"] for rule in group["rules"]
]
SERVICES = yaml.safe_load((ROOT / "deploy/compose.yaml").read_text())["services"]


@pytest.mark.parametrize("alert", [rule["alert"] for rule in RULES])
def test_every_alert_says_what_to_do(alert):
    assert f"### {alert}\n" in PAGE


def test_alerts_ask_for_figures_that_exist():
    asked = set(re.findall(r"\bkezhan_[a-z_]+", " ".join(rule["expr"] for rule in RULES)))
    code = (ROOT / "marketplace" / "metrics.py").read_text()
    assert all(re.sub(r"_(total|bucket)$", "", name) in code for name in asked)


def test_the_alert_of_courses_set_aside_holds_from_one_hourly_try_to_the_next():
    """In between nothing stands aside for some minutes."""
    (rule,) = (rule for rule in RULES if rule["alert"] == "CourseNotIndexed")
    (hours,) = re.findall(r"max_over_time\(kezhan_index_set_aside\[(\d)h\]\)", rule["expr"])
    assert int(hours) * 3_600 > 3_600 + set_aside.SECONDS
    assert "for" not in rule


def test_every_queue_has_a_worker_in_the_compose_file():
    commands = [service.get("command", "") for service in SERVICES.values() if "--queues" in service.get("command", "")]
    served = [queue for command in commands for queue in command.split("--queues ")[1].split()[0].split(",")]
    assert sorted(served) == sorted(settings.KEZHAN_QUEUES)


def test_every_route_leads_to_a_queue_that_is_served():
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} <= set(settings.KEZHAN_QUEUES)


def test_a_worker_that_missed_three_beats_is_not_alive():
    assert 3 * heartbeat.EVERY < heartbeat.ALIVE_WITHIN
