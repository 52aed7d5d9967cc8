"""Mails about films, in the transaction that settles them: each outcome is told once."""

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import notices
from marketplace.lib import links

from . import failures

if TYPE_CHECKING:
    from .models import Excerpt, Transcription, Video


def outcome(video: "Video") -> None:
    """Tell the owner that the film is ready, or why it is not. Nothing for what she ended herself."""
    if video.failure_code in failures.SILENT:
        return
    settled_at = video.ready_at or video.failed_at
    waiting = video.replaces.open().filter(old__isnull=False).first() if video.is_ready else None
    context = {
        "video": video,
        "reason": video.failure_text,
        "can_retry": video.can_retry,
        "replacement": waiting,
        "action_url": links.absolute(
            reverse("studio:replace_film", args=[waiting.old_id]) if waiting else reverse("studio:uploads")
        ),
        "action_label": _("See what comes over") if waiting else _("Open your films"),
    }
    template = "replacement_ready" if waiting else "ready" if video.is_ready else "failed"
    # The time is part of the key: a film that fails again after another try is told again.
    key = f"videos.{template}:{video.pk}:{settled_at:%Y%m%dT%H%M%S%f}"
    notices.tell(key, video.owner, f"videos/{template}", context)


def excerpt_outcome(row: "Excerpt") -> None:
    """Tell its asker that her clip is cut, or why it is not."""
    settled_at = row.ready_at if row.is_ready else row.failed_at
    context = {
        "excerpt": row,
        "reason": row.failure_text,
        "action_url": links.absolute(row.page),
        "action_label": _("Open your clips"),
    }
    template = "excerpt_ready" if row.is_ready else "excerpt_failed"
    notices.tell(
        f"videos.{template}:{row.pk}:{settled_at:%Y%m%dT%H%M%S%f}", row.asked_by, f"videos/{template}", context
    )


def draft_of_captions(row: "Transcription") -> None:
    """Tell the owner that there is a draft to check."""
    address = reverse("videos:edit_caption", args=[row.video_id, row.language])
    context = {
        "video": row.video,
        "action_url": links.absolute(address),
        "action_label": _("Check the captions"),
    }
    notices.tell(f"videos.transcribed:{row.pk}", row.asked_by, "videos/transcribed", context)
