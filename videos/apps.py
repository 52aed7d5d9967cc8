from django.apps import AppConfig


class VideosConfig(AppConfig):
    """Films: upload, transcoding, captions and paid playback. Knows nothing of courses."""

    name = "videos"
