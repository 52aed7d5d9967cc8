"""The list of skills, and a shelf for each of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import skill_shelves
from courses.models import Skill
from courses.structured_lists import item_list, skill_data, way_to
from marketplace.lib.kept_pages import kept_page


@kept_page
def skills(request: HttpRequest) -> HttpResponse:
    return render(request, "courses/skills.html", {"groups": skill_shelves.overview()})


@kept_page
def skill(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Skill.objects.select_related("category"), slug=slug)
    total, shelves, listed = skill_shelves.of(found)
    here = (found.name, found.get_absolute_url())
    context = {
        "skill": found,
        "total": total,
        "shelves": shelves,
        "structured": skill_data(found),
        "listed": item_list(*here, listed) if listed else None,
        "way": way_to((_("Skills"), reverse("courses:skills")), here),
    }
    return render(request, "courses/skill.html", context)
