from django.urls import path, re_path

from . import film_views, views

app_name = "videos"
_UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
urlpatterns = [
    re_path(
        rf"^hls/(?P<token>[0-9a-f]{{40}})/(?P<expires>\d{{1,11}})/(?P<viewer>anon|\d{{1,19}})/(?P<asset>{_UUID})/(?P<file>.+)$",
        views.hls,
        name="hls",
    ),
    # Whatever else begins with /hls/ carries no token that we could have made.
    re_path(r"^hls/", views.no_token),
    path("films/<uuid:pk>/", film_views.film, name="film"),
    path("films/<uuid:pk>/retry/", film_views.retry, name="retry"),
    path("films/<uuid:pk>/captions/", film_views.put_caption, name="put_caption"),
    path("films/<uuid:pk>/chapters/", film_views.put_chapters, name="put_chapters"),
    path("films/<uuid:pk>/captions/<str:language>/", film_views.edit_caption, name="edit_caption"),
    path("films/<uuid:pk>/captions/<str:language>/remove/", film_views.remove_caption, name="remove_caption"),
    path("uploads/<uuid:pk>/parts/<int:number>/<int:expires>/<str:token>/", views.PartDoor.as_view(), name="part"),
]
