"""One encoding of a film: a rung of the ladder, and how far it is made."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Rendition(models.Model):
    """One rung of the ladder (a picture size, or a sound rate) of one film, and how far it is made."""

    class Kind(models.TextChoices):
        VIDEO = "video", _("Picture")
        AUDIO = "audio", _("Sound")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        ENCODING = "encoding", _("Converting")
        READY = "ready", _("Ready")

    video = models.ForeignKey("videos.Video", on_delete=models.CASCADE, related_name="renditions")
    name = models.CharField(max_length=12, help_text="folder of its segments, as v720 or a128")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    fps = models.FloatField(default=0)
    bitrate = models.PositiveIntegerField(help_text="aimed at, bits a second")
    size = models.PositiveBigIntegerField(default=0, help_text="bytes of all its segments")
    position = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    percent = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["video", "name"], name="one_rendition_a_rung"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="rendition_percent_up_to_100"),
        ]

    def __str__(self) -> str:
        return self.name

    def show(self, percent: int) -> None:
        """How far it is; 100 is the whole."""
        state = self.State.READY if percent >= 100 else self.State.ENCODING if percent else self.State.WAITING
        if (percent, state) != (self.percent, self.state):
            type(self)._default_manager.filter(pk=self.pk).update(percent=min(percent, 100), state=state)

    @property
    def label(self) -> str:
        return f"{self.height}p" if self.kind == self.Kind.VIDEO else f"{self.bitrate // 1000} kbit/s"
