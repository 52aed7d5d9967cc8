from django.urls import path

from . import privacy_views, views

app_name = "accounts"
urlpatterns = [
    path("", views.settings, name="settings"),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="revoke_token"),
    path("data/", privacy_views.privacy, name="privacy"),
    path("data/ask/", privacy_views.ask_record, name="ask_record"),
    path("data/<slug:name>.zip", privacy_views.record_file, name="record_file"),
    path("data/delete/", privacy_views.delete_account, name="delete_account"),
    path("theme/", views.theme, name="theme"),
]
