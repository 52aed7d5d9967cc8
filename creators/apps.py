from django.apps import AppConfig


class CreatorsConfig(AppConfig):
    """People and institutions that sell courses."""

    name = "creators"
