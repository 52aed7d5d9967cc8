"""django-oscar with its own defaults, as its page "Building your own shop" says: DEBUG off, Whoosh for its search."""

import shutil
from urllib.parse import urlencode

from bench.peer_shops import FOLDER, Peer, bare, database, filled, installed

# A later treebeard than its own clashes with its managers.
PACKAGES = ("django-oscar[sorl-thumbnail]==4.1", "django-treebeard<5", "psycopg2-binary", "whoosh")
_SETTINGS = """
import os
from oscar import INSTALLED_APPS
from oscar.defaults import *

INSTALLED_APPS = [*INSTALLED_APPS, "sorl.thumbnail"]
SECRET_KEY, DEBUG, ALLOWED_HOSTS, SITE_ID = "a bench has no secrets to keep here", False, ["*"], 1
ROOT_URLCONF, STATIC_URL, USE_TZ = "urls", "/static/", True
MEDIA_ROOT, MEDIA_URL = os.path.abspath("media"), "/media/"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PG_NAME"],
    "USER": os.environ["PG_USER"], "PASSWORD": os.environ["PG_PASSWORD"], "HOST": os.environ["PG_HOST"],
    "PORT": os.environ["PG_PORT"], "CONN_MAX_AGE": 600, "ATOMIC_REQUESTS": True}}
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware", "django.contrib.messages.middleware.MessageMiddleware",
    "oscar.apps.basket.middleware.BasketMiddleware",
    "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware"]
TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
    "context_processors": ["django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
    "django.template.context_processors.i18n", "django.contrib.messages.context_processors.messages",
    "oscar.apps.search.context_processors.search_form", "oscar.apps.checkout.context_processors.checkout",
    "oscar.apps.communication.notifications.context_processors.notifications",
    "oscar.core.context_processors.metadata"]}}]
AUTHENTICATION_BACKENDS = ("oscar.apps.customer.auth_backends.EmailBackend",)
HAYSTACK_CONNECTIONS = {"default": {"ENGINE": "haystack.backends.whoosh_backend.WhooshEngine", "PATH": "whoosh"}}
"""
_URLS = """
from django.apps import apps
from django.urls import include, path
urlpatterns = [path("i18n/", include("django.conf.urls.i18n")), path("", include(apps.get_app_config("oscar").urls[0]))]
"""
_WSGI = """
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
_FILL = """
import sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from oscar.core.loading import get_model
from oscar.apps.catalogue.categories import create_from_breadcrumbs
Product, ProductClass = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
Partner, StockRecord = get_model("partner", "Partner"), get_model("partner", "StockRecord")
kind, partner = ProductClass.objects.create(name="Course", track_stock=False), Partner.objects.create(name="Press")
shelves = [create_from_breadcrumbs(f"Shelf {n}") for n in range(14)]
for n, title in enumerate(sys.stdin.read().split("\\n")):
    product = Product.objects.create(product_class=kind, title=title, upc=str(n), description=title * 5)
    product.categories.add(shelves[n % 14])
    StockRecord.objects.create(product=product, partner=partner, partner_sku=str(n), price_currency="GBP", price=20)
call_command("rebuild_index", interactive=False, verbosity=0)
print(product.get_absolute_url())
"""


def made(titles: list[str], words: list[str], port: int) -> Peer:
    python = installed("oscar", *PACKAGES)
    shop = FOLDER / "oscar" / "shop"
    shop.mkdir(exist_ok=True)
    for name, text in (("settings", _SETTINGS), ("urls", _URLS), ("wsgi", _WSGI), ("fill", _FILL)):
        (shop / f"{name}.py").write_text(text)
    # The picture of products that have none: one that is missing too would be complained of for each card.
    (shop / "media").mkdir(exist_ok=True)
    picture = next((FOLDER / "oscar").glob("lib/*/site-packages/oscar/static/oscar/img/image_not_found.jpg"))
    shutil.copy(picture, shop / "media")
    env = {**bare(), **database("oscar", shop), "DJANGO_SETTINGS_MODULE": "settings"}
    product = filled(python, shop, env, titles)
    command = [str(python), "-m", "gunicorn", "wsgi", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    pages = {
        "catalogue": ["/catalogue/"],
        "product": [product],
        "search": [f"/search/?{urlencode({'q': word})}" for word in words],
    }
    return Peer("oscar", command, shop, env, pages)
