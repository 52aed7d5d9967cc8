"""What administrators decide without a release."""

from django.urls import path

from .views import look_desk, mail_desk, page_desk, switch_desk

app_name = "operating"
urlpatterns = [
    path("pages/", page_desk.pages, name="pages"),
    path("pages/create/", page_desk.create_page, name="create_page"),
    path("pages/<slug:slug>/", page_desk.edit_page, name="edit_page"),
    path("pages/<slug:slug>/<int:number>/", page_desk.preview_page, name="preview_page"),
    path("pages/<slug:slug>/publish/", page_desk.publish_page, name="publish_page"),
    path("pages/<slug:slug>/withdraw/", page_desk.withdraw_page, name="withdraw_page"),
    path("switches/", switch_desk.switches, name="switches"),
    path("switches/<slug:code>/", switch_desk.turn_switch, name="turn_switch"),
    path("look/", look_desk.look, name="look"),
    path("look/<int:number>/again/", look_desk.look_again, name="look_again"),
    path("mails/", mail_desk.mails, name="mails"),
    path("mails/<str:language>/<path:kind>/", mail_desk.edit_mail, name="edit_mail"),
]
