"""Captions of a film, one text a language, kept as the WebVTT that we wrote ourselves."""

from typing import Any, Self

from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.lib.errors import DomainError

from .video import Video


class CaptionChanged(DomainError):
    code = "caption_changed"
    message = _(
        "These captions were saved from another window meanwhile, so yours are not saved. Look at what is saved now: "
        "if you save again, yours take its place."
    )


class CaptionQuerySet(models.QuerySet["Caption"]):
    def published(self) -> Self:
        return self.filter(is_draft=False)

    def put(self, *, video: Video, language: str, **text: Any) -> "Caption":
        """The captions of `language`, new or instead of the old ones. A person's, and published, unless `text` says
        is_draft and is_machine_made.
        """
        fields = {"is_draft": False, "is_machine_made": False, **text}
        caption, is_new = self.update_or_create(video=video, language=language, defaults=fields)
        if not is_new:
            self.filter(pk=caption.pk).update(revision=models.F("revision") + 1)
        return caption

    def write(self, caption: "Caption", **text: Any) -> None:
        """Keep the first ones of their language, as a person wrote them. Raises CaptionChanged where others are."""
        try:
            with transaction.atomic():
                self.create(video=caption.video, language=caption.language, label=caption.label, **text)
        except IntegrityError:
            raise CaptionChanged from None

    def draft(self, *, video: Video, language: str, **text: Any) -> "Caption":
        """What a machine heard: nobody but the film's owner sees it until she publishes it."""
        return self.create(video=video, language=language, is_draft=True, is_machine_made=True, **text)


class Caption(models.Model):
    """The cues of one film in one language. A draft is its owner's alone."""

    video = models.ForeignKey(Video, on_delete=models.CASCADE, related_name="captions")
    language = models.CharField(max_length=12)
    label = models.CharField(max_length=60)
    webvtt = models.TextField()
    cues_count = models.PositiveIntegerField()
    # Counts what replaced the text, so that two editors cannot overwrite each other.
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(auto_now=True)
    is_machine_made = models.BooleanField(default=False, db_default=False)
    is_draft = models.BooleanField(default=False, db_default=False)

    objects = CaptionQuerySet.as_manager()

    class Meta:
        ordering = ["language"]
        constraints = [models.UniqueConstraint(fields=["video", "language"], name="one_caption_a_language")]
        indexes = [models.Index(fields=["changed_at"], name="caption_changed")]

    def __str__(self) -> str:
        return self.label

    def rewrite(self, webvtt: str, cues_count: int, revision: int) -> None:
        """Replace the text that was read at `revision`. Raises CaptionChanged when it was replaced meanwhile."""
        standing = Caption.objects.filter(pk=self.pk, revision=revision)
        fields = {"webvtt": webvtt, "cues_count": cues_count, "revision": revision + 1, "changed_at": timezone.now()}
        if not standing.update(**fields):
            raise CaptionChanged
        self.refresh_from_db()

    def publish(self) -> None:
        """The owner has checked what the machine heard; search finds it by `changed_at`. Repeating it is harmless."""
        self.is_draft = False
        self.save(update_fields=["is_draft", "changed_at"])

    def remove(self) -> None:
        self.delete()
