"""An assignment of the sample with works, reviews by peers, results and an appeal: through the verbs that people use."""

import random

from accounts.models import User
from courses import assignment_writing
from courses.models import Lesson, Section
from learners.assignments import appeals, assessing, handing_in, peers
from learners.models import Enrollment, HandIn

COURSE = "Git in one quiet afternoon"
TITLE = "Tell a change in five commits"
TASK = """Take something small of your own, a page of notes or a program of thirty lines, and change it in **five commits**.

Hand in the output of `git log --oneline` and, for each commit, one or two sentences: what changed, and why here and not
in the commit before or after it.

A good work can be read by somebody who has never seen the project. It is fine to show a mistake that you took back:
say how you noticed it.
"""
# Criterion, explanation, levels as (name, points, what it looks like).
RUBRIC = (
    ("One purpose a commit", "Could each commit be taken back alone?", (
        ("All five", 6, "Each does one thing and could be undone without the others."),
        ("Most", 4, "One of them mixes two purposes."),
        ("Some", 2, "Two or more of them mix purposes."),
        ("None", 0, "The commits follow the clock, not the work."),
    )),
    ("Messages", "Read only the first lines.", (
        ("They tell the story", 6, "Imperative, short, and they say why where the change does not."),
        ("They name the change", 4, "One knows what changed, but not why."),
        ("They are there", 1, "“fix”, “more”, “update”."),
    )),
    ("Reasons", "The sentences beside the commits.", (
        ("Convincing", 8, "Each says why the line was drawn there."),
        ("Partly", 5, "Some only repeat the message."),
        ("Missing", 0, "Nothing that the log does not say."),
    )),
)  # fmt: skip
WORKS = (
    "```\ne1a Add a table of contents\n77c Split the long chapter in two\n0b4 Correct two dates\n9d2 Number the figures\n"
    "5aa Take back the numbering\n```\n\nThe dates stand alone, since they are wrong whatever the chapters are called."
    " The numbering was a mistake: half of the figures are drawn by hand, and I saw it only in print.",
    "```\na11 Read names from a file\nb20 Refuse an empty file\nc07 Sort without regard to case\nd93 Say how many names"
    " there were\ne55 Test the empty file\n```\n\nThe test came last and should have come with the refusal. Next time I"
    " would write it first.",
    "```\n1f0 update\n2b8 more\n3c9 fix\n44d fix again\n5e1 done\n```\n\nI changed my shopping list.",
    "```\n90a Let the recipe serve four\n81b Weigh instead of cups\n72c Name the flour\n63d Lower the oven after ten"
    " minutes\n54e Write down what went wrong\n```\n\nCups and weights are two commits: who wants the old measures can"
    " take one back without losing the other.",
    "```\nab1 Draw the axes\nab2 Read the points from CSV\nab3 Leave out lines without a date\nab4 Color by year\nab5 Save"
    " as SVG\n```\n\nReading and leaving out are two commits because the second is an opinion and may be argued about.",
)
REVIEWS = (
    "The log alone tells what happened. I would have liked one reason more in the second commit.",
    "Each commit could be taken back alone, which is what was asked. The messages are short and plain.",
    "It can be followed without knowing the project. One message says what, not why.",
)
WEAK = "The messages say nothing of what changed, and reasons are missing. Try it again with one purpose a commit."
APPEAL = "The list is small, but the five commits are five purposes: two of the reviewers looked at the messages alone."


def write_assignment(section: Section, course_title: str) -> None:
    """The assignment of this course, if it has one, at the end of the section."""
    if course_title != COURSE:
        return
    lesson = section.add_lesson(TITLE, "assignment")
    rules = {
        "task": TASK,
        "reviewing": "peers",
        "own_reviews": 1,
        "answer": "both",
        "endings": ["txt", "md", "png", "pdf"],
    }
    assignment_writing.change_rules(lesson, rules)
    for title, text, levels in RUBRIC:
        rows = [{"title": name, "points": points, "text": words} for name, points, words in levels]
        assignment_writing.add_criterion(lesson, {"title": title, "text": text, "levels": rows})


def fill(learners: list[User]) -> None:
    """Four works with their reviews, one of them with an appeal; a fifth one waits for reviewers."""
    live = Lesson.objects.live().filter(kind=Lesson.Kind.ASSIGNMENT, version__course__title=COURSE)
    lesson = live.select_related("version__course__creator").first()
    if lesson is None or HandIn.objects.filter(lesson_key=lesson.key).exists():
        return
    people = learners[: len(WORKS)]
    for learner in people:
        if not Enrollment.objects.active().of(learner).filter(course=lesson.version.course).exists():
            Enrollment.objects.enroll_free(learner=learner, course=lesson.version.course)
    for learner, text in zip(people[:-1], WORKS, strict=False):
        handing_in.hand_in(learner, lesson, text)
    _review_in_turns(lesson, people[:-1])
    appeals.appeal(people[2], lesson, 1, APPEAL)
    handing_in.hand_in(people[-1], lesson, WORKS[-1])


def _review_in_turns(lesson: Lesson, people: list[User]) -> None:
    dice = random.Random(10)
    for _round in range(3):
        for reviewer in people:
            turn = peers.take(reviewer, lesson, seed="sample")
            is_weak = turn.hand_in.text == WORKS[2]
            marks = {
                each.id: (each.levels[-1] if is_weak else dice.choice(each.levels[:2])).id
                for each in turn.hand_in.assignment.criteria
            }
            assessing.assess(reviewer, turn.pk, marks, WEAK if is_weak else dice.choice(REVIEWS))
