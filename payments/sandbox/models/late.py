"""Calls that were not answered and take effect later, by the sandbox's clock."""

from datetime import timedelta

from django.db import models

from marketplace.lib import clock


class LateQuerySet(models.QuerySet["SandboxLate"]):
    def put_off(self, *, method: str, path: str, text: str, form: str, key: str, by: timedelta) -> "SandboxLate":
        """It takes effect after `by`, whatever is asked meanwhile. `text` is its body, of the type `form`."""
        return self.create(method=method, path=path, text=text, form=form, key=key, due_at=clock.now() + by)

    def due(self) -> list["SandboxLate"]:
        return list(self.filter(due_at__lte=clock.expression()).order_by("due_at", "pk"))

    def has(self, key: str) -> bool:
        """Whether a call under this key is still being worked on."""
        return bool(key) and self.filter(key=key).exists()


class SandboxLate(models.Model):
    """A request whose sender was left without an answer, and that the provider has not carried out yet."""

    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    form = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=255, blank=True)
    due_at = models.DateTimeField()

    objects = LateQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="sandbox_late_due")]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def take(self) -> bool:
        """Whether it is its caller who carries it out: another request may have come first."""
        return bool(type(self).objects.filter(pk=self.pk).delete()[0])
