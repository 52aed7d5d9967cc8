from django.apps import AppConfig


class FloorConfig(AppConfig):
    """The floor on which every app stands; it knows none of them."""

    name = "marketplace.lib"
    label = "floor"
    default_auto_field = "django.db.models.BigAutoField"
