"""New courses as RSS, for readers and programs that ask again by themselves: all, of one shelf, of one creator."""

from typing import Any

from django.contrib.syndication.views import Feed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from creators.models import Creator
from marketplace.lib import links
from operating import look

from .models import Category, Course

MOST = 30


class NewCourses(Feed):
    """The thirty that came last, each with its promise; an item's id is its address, which never changes."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return None

    def title(self, obj: Any) -> str:
        return f"{_('New courses')} · {look.name()}"

    def description(self, obj: Any) -> str:
        return _("Courses that have just been reviewed and put on sale.")

    def link(self, obj: Any) -> str:
        return links.absolute(reverse("courses:catalogue"))

    def items(self, obj: Any) -> QuerySet[Course]:
        return self.courses(obj).cards().order_by("-published_at", "-id")[:MOST]

    def courses(self, obj: Any) -> Any:
        return Course.objects.listed()

    def item_title(self, item: Course) -> str:
        return item.title

    def item_description(self, item: Course) -> str:
        return item.subtitle

    def item_link(self, item: Course) -> str:
        return links.absolute(item.get_absolute_url())

    def item_author_name(self, item: Course) -> str:
        return item.creator.name

    def item_pubdate(self, item: Course) -> Any:
        return item.published_at

    def item_categories(self, item: Course) -> list[str]:
        return [item.category.name] if item.category else []


class NewOnShelf(NewCourses):
    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Category:
        return get_object_or_404(Category, slug=kwargs["slug"])

    def title(self, obj: Category) -> str:
        return f"{obj.name} · {_('New courses')} · {look.name()}"

    def link(self, obj: Category) -> str:
        return links.absolute(f"{reverse('courses:catalogue')}?category={obj.slug}")

    def courses(self, obj: Category) -> Any:
        return super().courses(obj).filter(category=obj)


class NewOfCreator(NewCourses):
    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Creator:
        return get_object_or_404(Creator.objects.visible(), slug=kwargs["slug"])

    def title(self, obj: Creator) -> str:
        return _("New courses by %(creator)s") % {"creator": obj.name}

    def link(self, obj: Creator) -> str:
        return links.absolute(obj.get_absolute_url())

    def courses(self, obj: Creator) -> Any:
        return super().courses(obj).filter(creator=obj)
