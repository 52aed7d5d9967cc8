"""The sample's bundles: two creators offer two of their courses at one price. Through the verbs that people use; once."""

from courses.models import Course
from marketplace.lib.money import Money
from payments.models import Bundle

# Title, words, courses, price.
BUNDLES = (
    (
        "From an empty file to a site of your own",
        "First the language, then the site: the second course begins where the first ends.",
        ("Python from an empty file", "Django for people with an idea"),
        Money(4400, "USD"),
    ),
    (
        "机器学习：从原理到推荐系统",
        "先弄懂训练与验证，再打开推荐系统的黑盒，两门课前后衔接。",
        ("机器学习入门：从一张散点图开始", "推荐系统是怎样工作的"),
        Money(26800, "CNY"),
    ),
)


def offer() -> None:
    for title, words, titles, price in BUNDLES:
        found = {course.title: course for course in Course.objects.on_sale().filter(title__in=titles)}
        courses = [found[each] for each in titles]
        creator = courses[0].creator
        if not Bundle.objects.of(creator).exists():
            bundle = Bundle.objects.make(
                by=creator.user, creator=creator, title=title, words=words, courses=courses, price=price
            )
            bundle.offer(by=creator.user)
