"""What the sample's learners ask under lessons, with answers of others and of creators. Through the verbs that people
use; done once.
"""

import random
from collections import Counter
from typing import Any

from django.db import transaction

from accounts.models import User
from community import asking
from community.models import Post
from courses.models import Course
from learners.models import Enrollment

# Title, text, second of the film, answer of a learner, answer of the creator, comment on that.
THREADS: dict[str, list[tuple[str, str, int, str, str, str]]] = {
    "en": [
        (
            "How do I know that it is ready for the next step?",
            "In the film it looks ready after a moment. With mine I am never sure, and **twice I was too early**.",
            2,
            "I wait until it no longer gives way under a finger. That was in the lesson before.",
            "Two signs, and both must be there:\n\n1. it no longer changes by itself,\n2. it gives way under light "
            "pressure and comes back.\n\nWhen in doubt, wait: too late costs minutes, too early costs the piece.",
            "The second sign was what I missed. It worked tonight, thank you.",
        ),
        (
            "Can I do this with simpler tools?",
            "I do not want to buy everything before I know whether I stay with it.",
            1,
            "I did the first half with what was in the kitchen. It is slower, the result is the same.",
            "",
            "",
        ),
        (
            "Why this order, and not the other way round?",
            "Another course begins from the other end. Is that a matter of taste?",
            3,
            "",
            "It is not taste. Done the other way round, a mistake shows only at the end, when nothing can be changed any "
            "more. In this order each step proves the one before.",
            "",
        ),
    ],
    "zh-hans": [
        (
            "怎么判断可以进入下一步了？",
            "视频里看起来一会儿就好了，我自己做总是拿不准，**有两次都做早了**。",
            2,
            "我会等到用手指按不动为止，上一课里讲过。",
            "看两个迹象，缺一不可：\n\n1. 不再自己变化；\n2. 轻按会下去，松手能回来。\n\n拿不准就再等等：晚了只费几分钟，早了整件都白做。",
            "我漏掉的就是第二点。今晚照做成功了，谢谢！",
        ),
        (
            "可以先用简单的工具代替吗？",
            "还不确定会不会一直学下去，不想一开始就全买齐。",
            1,
            "前半部分我用厨房里的东西就做完了，慢一点，效果一样。",
            "",
            "",
        ),
        (
            "为什么是这个顺序，而不是反过来？",
            "另一门课是从另一头开始的，这只是习惯不同吗？",
            3,
            "",
            "不是习惯问题。反过来做，错误要到最后才看得出来，那时已经改不了了。按这个顺序，每一步都能检验前一步。",
            "",
        ),
    ],
}
# Courses in each language, and people in each course.
MOST_COURSES, MOST_WHO_TALK = 2, 8


@transaction.atomic
def fill() -> None:
    if Post.objects.exists():
        return
    dice = random.Random(13)
    talked: Counter[str] = Counter()
    for course in Course.objects.on_sale().select_related("creator__user", "live_version").order_by("pk"):
        rights = Enrollment.objects.active().filter(course=course).select_related("learner").order_by("pk")
        learners = [right.learner for right in rights[:MOST_WHO_TALK]]
        lesson: Any = course.live_lessons().filter(video__isnull=False).select_related("video").first()
        if len(learners) > 1 and lesson is not None and talked[course.language] < MOST_COURSES:
            talked[course.language] += 1
            for thread in THREADS.get(course.language, THREADS["en"]):
                _talk(course, lesson, learners, thread, dice)


def _talk(course: Course, lesson: Any, learners: list[User], thread: tuple[Any, ...], dice: random.Random) -> None:
    title, text, second, by_learner, by_creator, thanks = thread
    asker, other = dice.sample(learners, 2)
    asked = asking.ask(asker, course, lesson.key, {"title": title, "text": text}, at_s=second)
    for voter in learners:
        if voter != asker and dice.random() < 0.5:
            asking.vote(asked, by=voter)
    if by_learner:
        asking.answer(other, asked, {"text": by_learner})
    if by_creator:
        said = asking.answer(course.creator.user, asked, {"text": by_creator})
        asking.vote(said, by=other)
        if thanks:
            asking.comment(asker, said, {"text": thanks})
            asking.accept(asked, said, by=asker)
