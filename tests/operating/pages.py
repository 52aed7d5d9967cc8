"""Pages of the house's own, laid down for tests."""

from accounts.models import User
from operating.models import CustomPage
from tests import cast

WORDS = {
    "title_en": "Terms", "text_en": "## Buying\n\nWhat you **buy** is a right.",
    "title_zh": "服务条款", "text_zh": "## 购买\n\n你购买的是观看的权利。",
}  # fmt: skip


def max_() -> User:
    return cast.person("Max", role="admin")


def make_page(slug: str = "terms", by: User | None = None, *, in_foot: bool = True, **words: str) -> CustomPage:
    """Published, with both languages where nothing else is said."""
    by = by or max_()
    page = CustomPage.objects.start(slug, words or WORDS, by=by, why="We open")
    page.publish(1, by=by, why="First version", in_foot=in_foot, place=0, seen=0)
    return page
