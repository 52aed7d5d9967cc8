"""The product's addresses and the style page, which is otherwise served in debug alone."""

from django.urls import path

from marketplace.style_page import style
from marketplace.urls import urlpatterns as product

urlpatterns = [*product, path("style/", style)]
