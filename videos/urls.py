from django.urls import path, re_path

from .views import doors, films, remakings

app_name = "videos"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_VIEWER = r"(?P<viewer>anon|\d{1,19}(?:\.[0-9a-f]{8})?)"
_ADDRESS = rf"(?P<token>[0-9a-f]{{40}})/(?P<expires>\d{{1,11}})/{_VIEWER}/(?P<asset>{_UUID})/"
# For nginx only (deploy/nginx.conf), which does not show it outside. `right_door` asks it before all others.
RIGHT = re_path(rf"^hls-right/{_ADDRESS}$", doors.right, name="right")
urlpatterns = [
    re_path(rf"^hls/{_ADDRESS}(?P<file>.+)$", doors.hls, name="hls"),
    RIGHT,
    # Whatever else begins with /hls/ carries no token that we could have made.
    re_path(r"^hls/", doors.no_token),
    path("films/<uuid:pk>/", films.film, name="film"),
    path("films/<uuid:pk>/retry/", films.retry, name="retry"),
    path("films/<uuid:pk>/pause/", films.pause, name="pause"),
    path("films/<uuid:pk>/resume/", films.resume, name="resume"),
    path("films/<uuid:pk>/cancel/", films.cancel, name="cancel"),
    path("films/<uuid:pk>/rename/", films.rename, name="rename"),
    path("films/<uuid:pk>/remove/", films.remove, name="remove"),
    path("films/<uuid:pk>/look/<path:file>", films.look, name="look"),
    path("films/<uuid:pk>/captions/", films.put_caption, name="put_caption"),
    path("films/<uuid:pk>/poster/", films.choose_poster, name="choose_poster"),
    path("films/<uuid:pk>/chapters/", films.put_chapters, name="put_chapters"),
    path("films/<uuid:pk>/captions/write/", films.write_caption, name="write_caption"),
    path("films/<uuid:pk>/captions/<str:language>/", films.edit_caption, name="edit_caption"),
    path("films/<uuid:pk>/captions/<str:language>/remove/", films.remove_caption, name="remove_caption"),
    path("films/<uuid:pk>/captions/<str:language>/publish/", films.publish_caption, name="publish_caption"),
    path("films/<uuid:pk>/transcribe/", films.transcribe, name="transcribe"),
    path("staff/films/", remakings.remakings, name="remakings"),
    path("staff/films/<int:pk>/", remakings.remaking, name="remaking"),
    path("staff/films/<int:pk>/pause/", remakings.pause_remaking, name="pause_remaking"),
    path("staff/films/<int:pk>/resume/", remakings.resume_remaking, name="resume_remaking"),
    path("staff/films/<int:pk>/end/", remakings.end_remaking, name="end_remaking"),
    path("uploads/<uuid:pk>/parts/<int:number>/<int:expires>/<str:token>/", doors.PartDoor.as_view(), name="part"),
]
