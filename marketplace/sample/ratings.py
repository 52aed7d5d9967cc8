"""What the sample's learners think of their courses: good work on the whole, with people who found it too fast, and
creators who answer. Through the same verb that learners use; done once.
"""

import random
from collections.abc import Iterable

from django.utils import timezone

from accounts.models import User
from community import rating, reckoning
from community.formula import LEAST_LEARNED
from community.models import Rating
from courses.models import Course
from learners.models import Enrollment

# Each course has a leaning of its own: how often 1 to 5 stars are given.
LEANINGS = [(1, 1, 3, 9, 14), (0, 1, 2, 6, 18), (2, 3, 6, 9, 6), (1, 2, 4, 10, 10)]
WORDS = {
    "en": {
        5: [
            "I had tried twice from books. Here it was the third lesson that made it click, because I could see the hands.",
            "Short lessons, and each ends with something that works. I finished it in two weeks of evenings.",
            "The quiz questions sent me back to exactly the part I had not understood. Worth it for those alone.",
            "Clear, calm, no filler. I use what I learned every week.",
        ],
        4: [
            "Very good. One lesson in the middle is long for what it says, the rest is just right.",
            "I learned a lot. I would have liked one more exercise before the last part.",
            "Good explanations, and the captions are correct, which I need. The sound of lesson two is a little low.",
        ],
        3: ["Fine for beginners. If you have done any of it before, you will skip the first half."],
        2: ["Too fast for me. From the second part on I had to stop the film every minute."],
        1: ["I expected something else: this is the way it is done in one place, and I needed the other."],
    },
    "zh-hans": {
        5: [
            "以前照着书学过两次都放弃了。这次看到第三课，看清了手上的动作，一下子就明白了。",
            "每一课都很短，学完手里就有一样能用的东西。我用两周的晚上学完了。",
            "测验的题目出得好，做错了才知道自己哪里没懂，回去再看一遍就通了。",
            "讲得清楚，不啰嗦。学到的东西每周都在用。",
        ],
        4: [
            "很好。中间有一课略长，其余都恰到好处。",
            "收获很大。最后一部分之前要是再多一个练习就更好了。",
            "讲解和字幕都很认真，第二课的声音稍小。",
        ],
        3: ["适合入门。有点基础的人可以跳过前一半。"],
        2: ["对我来说太快了，从第二部分起每分钟都要暂停。"],
        1: ["和我想的不一样，只讲了一种做法，我需要的是另一种。"],
    },
}  # fmt: skip
ANSWERS = {
    "en": "Thank you for saying it so plainly. The next version has an exercise more there, and a slower second part.",
    "zh-hans": "谢谢你说得这么具体。下一版会在那里多加一个练习，第二部分也会放慢。",
}
SAYS, IN_WORDS, PARTS, ANSWERED = 0.8, 0.6, 0.5, 0.6


def fill(learners: list[User]) -> None:
    if Rating.objects.exists():
        return
    dice = random.Random(12)
    crowd = User.objects.filter(email__startswith="crowd", email__endswith="@kezhan.example").order_by("pk")
    for person in [*learners, *crowd]:
        for enrollment in Enrollment.objects.active().of(person).select_related("course__creator__user"):
            _say(person, enrollment.course, dice)
    reckoning.reckon_all(timezone.now())
    _answer(Rating.objects.filter(stars__lte=3).exclude(text="").select_related("course__creator__user"), dice)


def _say(person: User, course: Course, dice: random.Random) -> None:
    standing = rating.standing(person, course)
    if standing is None or standing.learned < LEAST_LEARNED or dice.random() > SAYS:
        return
    stars = dice.choices((1, 2, 3, 4, 5), LEANINGS[course.pk % len(LEANINGS)])[0]
    words = WORDS.get(course.language, WORDS["en"])[stars]
    said = {"stars": stars, "text": dice.choice(words) if dice.random() < IN_WORDS else "", "is_named": True}
    if dice.random() < PARTS:
        said |= {
            name: min(5, max(1, stars + dice.choice((-1, 0, 0, 1)))) for name in ("content", "clarity", "practice")
        }
    row = rating.rate(person, course, said)
    others = Enrollment.objects.filter(course=course).exclude(learner=person).select_related("learner")
    for other in others[: dice.randint(0, 5) if row.text else 0]:
        row.find_helpful(other.learner)


def _answer(rows: Iterable[Rating], dice: random.Random) -> None:
    for row in rows:
        if dice.random() < ANSWERED:
            rating.reply(row, ANSWERS.get(row.course.language, ANSWERS["en"]), by=row.course.creator.user)
