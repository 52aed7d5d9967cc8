"""What owners are written of flags: that figures of hers stand out, and that a person found nothing in them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from .models import Flag, Measure


def raised(flag: Flag) -> None:
    """To the owner, where she is told before anybody decides. Nothing has happened to her course."""
    if flag.detector.is_told:
        _post(f"flag:{flag.pk}", flag, "moderation/flag_raised")


def settled(measure: Measure) -> None:
    """Where a decision found nothing to do: owners who were told of a flag are told that, too."""
    if measure.case is None or measure.action != Measure.Action.DISMISS:
        return
    flag = Flag.objects.told_to(measure.owner).filter(case=measure.case).order_by("id").first()
    if flag is not None:
        _post(f"flag-settled:{measure.pk}", flag, "moderation/flag_settled")


def _post(key: str, flag: Flag, template: str) -> None:
    context = {
        "title": flag.case.title,
        "name": flag.detector.title,
        "rule": flag.detector.rule,
        "advice": flag.detector.advice,
        "action_url": links.absolute(reverse("reports:flags")),
        "action_label": _("See the figures"),
    }
    notices.tell(key, flag.case.owner, template, context)
