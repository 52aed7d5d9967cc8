from django.apps import AppConfig


class SampleConfig(AppConfig):
    """A living marketplace for an empty installation: `manage.py sample_data`."""

    name = "marketplace.sample"
    label = "sample"
