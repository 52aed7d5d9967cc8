"""What ending a decision would do: the page before an appeal is answered, or a measure is taken back."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from moderation.measures import Ending
from moderation.models import Measure


def ending_page(
    request: HttpRequest, measure: Measure, title: Any, ending: Ending, said: Mapping[str, str], status: int = 200
) -> HttpResponse:
    """It posts `said` again to the address it stands at: with the version to confirm, or to change something."""
    context = {"measure": measure, "title": title, "ending": ending, "carried": said.items()}
    return render(request, "moderation/weigh_ending.html", context, status=status)
