from django.apps import AppConfig


class LearnersConfig(AppConfig):
    """The right to watch, and what was watched."""

    name = "learners"
