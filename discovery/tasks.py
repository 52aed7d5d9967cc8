"""Bells of the index and of demand. Each looks for what is due."""

from celery import shared_task

from discovery import demand, index


@shared_task(name="discovery.tasks.refresh_index")
def refresh_index() -> None:
    index.refresh()


@shared_task(name="discovery.tasks.rank_courses")
def rank_courses() -> None:
    index.refresh(everything=True)


@shared_task(name="discovery.tasks.gather_demand")
def gather_demand() -> None:
    demand.gather()
