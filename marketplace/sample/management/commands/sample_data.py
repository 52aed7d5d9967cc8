"""Fill an empty installation so that the first page looks like a living marketplace."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from courses.models import Course
from discovery import index
from learners import audience
from marketplace.sample import (
    bundles,
    clips,
    course_rows,
    crowd,
    desk,
    disputes,
    film_rows,
    members,
    own_pages,
    people_rows,
    promotion,
    questions,
    ratings,
    renewed,
    shown,
    trade,
    vouched,
    watching,
    ways,
    works,
)
from marketplace.sample.courses_en import COURSES as ENGLISH
from marketplace.sample.courses_zh import COURSES as CHINESE
from marketplace.sample.people import CREATORS, PASSWORD, SECRETS, STAFF


class Command(BaseCommand):
    help = "Make the sample's people, films, courses and purchases. What is there already is left as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where the sample, or a real course, is")

    def handle(self, *args: Any, **options: Any) -> None:
        done = settings.KEZHAN_HOME / "logins.txt"
        is_empty = not Course.objects.exclude(creator__user__email__endswith="@kezhan.example").exists()
        if options["if_empty"] and (done.exists() or not is_empty):
            return
        started = time.monotonic()
        staff, owners = people_rows.staff(), people_rows.creators()
        own_pages.write(staff["admin"])
        plans = [plan for pair in zip(ENGLISH, CHINESE, strict=True) for plan in pair]
        self.stdout.write(f"Making the films of {len(plans)} courses:")
        film_rows.prepare(plans, owners, self._say)
        for seed, plan in enumerate(plans):
            course_rows.write(plan, owners[plan.creator], staff["moderator"], seed)
        clips.cut(plans)
        ways.make(owners["ada"], staff["moderator"], staff["admin"])
        vouched.fill(owners["elena"], staff["moderator"])
        index.refresh(everything=True)
        courses = Course.objects.on_sale().filter(creator__in=owners.values()).cards().order_by("pk")
        learners = [staff["learner"], *people_rows.learners()]
        trade.fill(list(courses), learners, self._say)
        promotion.fill(list(courses), owners, staff["finance"], learners[1:], self._say)
        disputes.fill(learners[4:], self._say)
        watching.fill(learners)
        crowd.fill(next(course for course in courses if course.creator_id == owners["ada"].pk))
        ratings.fill(learners)
        bundles.offer()
        members.fill(owners, learners[1:4], self._say)
        questions.fill()
        works.fill(learners)
        renewed.fill(staff["learner"], staff["moderator"])
        renewed.check(next(course for course in courses if course.title == "Python from an empty file"))
        desk.fill(learners)
        index.refresh()
        audience.roll_up()
        trade.onboard(owners["ada"])
        shown.fill(learners)
        self._write_logins(done)
        self.stdout.write(f"Sample data are there after {time.monotonic() - started:.0f} s.\n{done.read_text()}")

    def _write_logins(self, place: Path) -> None:
        """For people (logins.txt) and for programs (logins.env). Written last: they say that the sample is whole."""
        logins = [("creator", CREATORS[0].email), *((role, email) for role, email, *_rest in STAFF)]
        env = "".join(f"KEZHAN_{role.upper()}_EMAIL={email}\n" for role, email in logins)
        place.with_suffix(".env").write_text(env + f"KEZHAN_SAMPLE_PASSWORD={PASSWORD}\n")
        lines = [f"Log in with the password {PASSWORD} as", *(f"  {role:<10} {email}" for role, email in logins)]
        lines += ["Staff have a second factor: put its key into an app, or ask bin/manage sample_code for a code"]
        lines += [f"  {role:<10} {secret}" for role, secret in SECRETS.items()]
        place.write_text("\n".join(lines) + "\n")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
