"""What matching and the lists keep of a person by name: all of it hers, and gone with her."""

from django.db.models import F

from accounts.models import User
from accounts.privacy import parts

from .forms import SWITCHES
from .models import Dismissal, Follow, NewsLine, NewsStop, SavedCourse, Taste

_HERS = (Dismissal, Follow, NewsLine, NewsStop, SavedCourse, Taste)


def tell(person: User) -> parts.Told:
    course = {"course_slug": F("course__slug")}
    hers = {model: model.objects.filter(learner=person) for model in _HERS}
    return parts.Told(
        {
            "taste": list(hers[Taste].values(*SWITCHES, "changed_at")),
            "goals": list(Taste.goals.through.objects.filter(taste=person.pk).values(slug=F("category__slug"))),
            "follows": list(hers[Follow].values("followed_at", creator_slug=F("creator__slug"))),
            "not_interested": list(hers[Dismissal].values("dismissed_at", **course)),
            "saved": list(hers[SavedCourse].values("saved_at", "price_minor", "currency", **course)),
            "told_of": list(hers[NewsLine].values("told_at", "change__price_minor", "change__currency", **course)),
            "news_stopped": list(hers[NewsStop].values("topic", "stopped_at", "ended_at")),
        }
    )


def forget(person: User) -> None:
    for model in _HERS:
        model.objects.filter(learner=person).delete()


parts.register(parts.Part("discovery", tell, forget))
