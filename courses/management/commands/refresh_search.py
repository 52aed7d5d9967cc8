"""Writes the search fields of all live courses anew: after the way of cutting words has changed, or creators' names."""

from typing import Any

from django.core.management.base import BaseCommand

from courses.models import Course


class Command(BaseCommand):
    help = "Write the search fields of all live courses anew."

    def handle(self, *args: Any, **options: Any) -> None:
        live = Course.objects.filter(live_version__isnull=False).select_related("creator", "live_version__category")
        done = 0
        for course in live.order_by("pk").iterator(chunk_size=500):
            course.refresh_search()
            done += 1
        self.stdout.write(f"{done} courses can be found")
