from django.apps import AppConfig


class FloorConfig(AppConfig):
    """The floor on which every app stands; it knows none of them."""

    name = "marketplace.lib"
    label = "floor"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401  its checks register themselves
