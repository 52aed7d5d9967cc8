"""Bells of the index, of demand and of matching. Each looks for what is due."""

from celery import shared_task
from django.utils import timezone

from discovery import index, news, wanted
from discovery.matching import exposure, learning, looks
from discovery.models import Newcomer


@shared_task(name="discovery.tasks.refresh_index")
def refresh_index() -> None:
    index.refresh()


@shared_task(name="discovery.tasks.rank_courses")
def rank_courses() -> None:
    index.refresh(everything=True)


@shared_task(name="discovery.tasks.gather_demand")
def gather_demand() -> None:
    wanted.gather()


@shared_task(name="discovery.tasks.learn_links")
def learn_links() -> None:
    learning.learn()


@shared_task(name="discovery.tasks.write_down_looks")
def write_down_looks() -> None:
    """And the new courses with them: what came on sale has its places a minute later."""
    looks.write_down()
    Newcomer.objects.follow(timezone.now())


@shared_task(name="discovery.tasks.reckon_exposure")
def reckon_exposure() -> None:
    exposure.reckon()


@shared_task(name="discovery.tasks.send_news")
def send_news() -> None:
    news.send_due(timezone.now())
