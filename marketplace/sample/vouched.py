"""What stands behind courses of the sample: a school whose badge staff gave, and a collection that staff put together."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import User
from courses.models import Collection, Course, Listing
from creators.models import Creator, Institution, Verification

SCHOOL = {
    "name": "Bottega Rossi School of Wood",
    "domain": "bottega-rossi.example",
    "kind": Institution.Kind.SCHOOL,
    "about": "A workshop with eleven benches in Bologna. We have taught joinery and the repair of old chairs since 1974.",
}
CHECKED = "The chamber of crafts lists it, and its owner answered from an address of its domain."
PROOF = "https://chamber.example/register/bottega-rossi"
COLLECTION = {
    "title_en": "One evening is enough to begin",
    "title_zh": "一个晚上就能开始",
    "words_en": "Six courses whose first result you hold in your hands before you go to bed.",
    "words_zh": "六门课，当晚就能做出第一件成果。",
    "is_on_home": True,
}
COURSES = (
    "Python from an empty file",
    "染一块蓝：植物染基础",
    "Window light",
    "乡村直播第一课：一部手机开播",
    "Git in one quiet afternoon",
    "零基础说中文：三十个生活场景",
)


def fill(owner: Creator, moderator: User) -> None:
    """Left as they are where they exist."""
    _school(owner, moderator)
    if not Collection.objects.exists():
        found = {course.title: course for course in Course.objects.listed().filter(title__in=COURSES)}
        begins = timezone.localdate() - timedelta(days=3)
        courses = [found[title] for title in COURSES if title in found]
        Collection.objects.start({**COLLECTION, "starts_on": begins}, courses, by=moderator, why="For newcomers.")


def _school(owner: Creator, moderator: User) -> None:
    if Institution.objects.of(owner.user).exists():
        return
    school = Institution.objects.start(by=owner.user, **SCHOOL)
    Verification.objects.decide(school, Verification.Verdict.VERIFIED, by=moderator, checked=CHECKED, link=PROOF)
    for course in Course.objects.listed().filter(creator=owner).order_by("pk"):
        Listing.objects.list_course(course, school, by=owner.user)
