from django.apps import AppConfig


class CreatorsConfig(AppConfig):
    """People and institutions that sell courses."""

    name = "creators"

    def ready(self) -> None:
        from . import privacy  # noqa: F401  registers its part of a person's record
