"""django-oscar beside Kezhan, in one run: the processor time that a page of the same kind costs.

    python bench/peers.py [--courses 1000] [--requests 40]

Makes var/bench/peers/oscar: a virtual environment with django-oscar from the registry, and a shop of its own defaults
(its settings page by page as its documentation's "Building your own shop", DEBUG off, cached templates) with as many
products in this run's Postgres. Catalogue, product and search of it, of Kezhan (anonymous, a whole page kept for 5 s,
and drawn anew: with a query that nobody keeps) and a bare Django view are asked in turn, each of one gunicorn worker,
three rounds, medians. bench/peers.md says how the others are installed.
"""

import argparse
import os
import statistics
import subprocess
import sys
import textwrap
from pathlib import Path
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.pages import ROUNDS
from bench.seed import seeded
from bench.serving import answering, server, spend
from bench.stage import ROOT, say

OSCAR = "django-oscar==4.1"
FOLDER = ROOT / "var" / "bench" / "peers" / "oscar"
LEAST = 50
_APPS = (
    "analytics checkout address shipping catalogue catalogue.reviews communication partner basket payment offer order"
    " customer search voucher wishlists dashboard dashboard.reports dashboard.users dashboard.orders"
    " dashboard.catalogue dashboard.offers dashboard.partners dashboard.pages dashboard.ranges dashboard.reviews"
    " dashboard.vouchers dashboard.communications dashboard.shipping"
)
_SETTINGS = """
import os
from oscar.defaults import *

SECRET_KEY, DEBUG, ALLOWED_HOSTS, SITE_ID = "a bench has no secrets to keep here", False, ["*"], 1
ROOT_URLCONF, STATIC_URL, USE_TZ = "urls", "/static/", True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "oscar", "USER": os.environ["PG_USER"],
    "PASSWORD": os.environ["PG_PASSWORD"], "HOST": os.environ["PG_HOST"], "PORT": os.environ["PG_PORT"],
    "CONN_MAX_AGE": 600, "ATOMIC_REQUESTS": True}}
INSTALLED_APPS = [f"django.contrib.{name}" for name in
    ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles", "sites", "flatpages")]
INSTALLED_APPS += ["oscar.config.Shop", *(f"oscar.apps.{name}" for name in "APPS".split()), "widget_tweaks",
    "haystack", "treebeard", "sorl.thumbnail", "easy_thumbnails", "django_tables2"]
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
""".replace("APPS", _APPS)
_URLS = """
from django.apps import apps
from django.urls import include, path
urlpatterns = [path("i18n/", include("django.conf.urls.i18n")), path("", include(apps.get_app_config("oscar").urls[0]))]
"""
_FILL = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
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


def installed() -> Path:
    """The interpreter that has oscar; installed when it is not there."""
    python = FOLDER / "bin" / "python"
    if not (FOLDER / "bin" / "gunicorn").exists():
        subprocess.run([sys.executable, "-m", "venv", FOLDER], check=True)
        packages = [OSCAR, "gunicorn", "psycopg2-binary", "whoosh"]
        subprocess.run([python, "-m", "pip", "install", "--quiet", *packages], check=True)
    return python


def filled(python: Path, titles: list[str]) -> tuple[dict[str, str], str]:
    """The environment of its processes, and the address of one product."""
    from django.db import connection

    told = connection.settings_dict
    shop = FOLDER / "shop"
    shop.mkdir(exist_ok=True)
    for name, text in (("settings", _SETTINGS), ("urls", _URLS), ("fill", _FILL)):
        (shop / f"{name}.py").write_text(textwrap.dedent(text))
    (shop / "wsgi.py").write_text("from django.core.wsgi import get_wsgi_application as made\napplication = made()\n")
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE IF EXISTS oscar")
        cursor.execute("CREATE DATABASE oscar")
    env = {name: value for name, value in os.environ.items() if not name.startswith(("KEZHAN", "PYTHON", "DATABASE"))}
    env |= {"PG_USER": told["USER"], "PG_PASSWORD": told["PASSWORD"], "PG_HOST": told["HOST"]}
    env |= {"PG_PORT": str(told["PORT"]), "DJANGO_SETTINGS_MODULE": "settings"}
    answer = subprocess.run(
        [python, "fill.py"], cwd=shop, env=env, input="\n".join(titles), text=True, capture_output=True, check=False
    )
    if answer.returncode:
        raise SystemExit(answer.stderr[-2_000:])
    return env, answer.stdout.split()[-1]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--courses", type=int, default=1_000)
    asked.add_argument("--requests", type=int, default=40)
    options = asked.parse_args()
    from marketplace.local.ports import free_port

    python = installed()
    with seeded(options.courses):
        from bench.zipf import words_of
        from courses.models import Course

        titles = list(Course.objects.order_by("pk").values_list("title", flat=True))
        slug = Course.objects.on_sale().values_list("slug", flat=True)[0]
        env, product = filled(python, titles)
        words = words_of("en").ranked[20:50]
        ours = {
            "catalogue": (["/courses/"], [f"/courses/?x={n}" for n in range(options.requests)]),
            "product": ([f"/courses/{slug}/"], [f"/courses/{slug}/?x={n}" for n in range(options.requests)]),
            "search": ([f"/search/?{urlencode({'q': word})}" for word in words],) * 2,
        }
        theirs = {
            "catalogue": ["/catalogue/"],
            "product": [product],
            "search": [f"/search/?{urlencode({'q': word})}" for word in words],
        }
        gunicorn = [str(python), "-m", "gunicorn", "wsgi:application", "--workers", "1", "--bind"]
        shop, bare, beside = free_port(), free_port(), free_port()
        with (
            server("marketplace.wsgi:application", shop) as worker,
            server("bench.hello:application", bare) as hello,
            answering([*gunicorn, f"127.0.0.1:{beside}"], beside, FOLDER / "shop", env) as peer,
        ):
            say(f"{'page':10} {'bare ms':>8} {'oscar ms':>9} {'kept ms':>8} {'times':>6} {'anew ms':>8} {'times':>6}")
            for page, (kept, anew) in ours.items():
                asks = (
                    (hello, bare, ["/"]), (peer, beside, theirs[page]), (worker, shop, kept), (worker, shop, anew),
                )  # fmt: skip
                rounds = [[spend(*each, options.requests) for each in asks] for _ in range(ROUNDS)]
                yard, other, warm, cold = (statistics.median(column) for column in zip(*rounds, strict=True))
                say(
                    f"{page:10} {yard:8.2f} {other:9.1f} {warm:8.2f} {other / warm:6.0f} {cold:8.2f}"
                    f" {other / cold:6.0f}"
                )
            say(f"goal: at least {LEAST} times less processor time than oscar on the same kind of page")


if __name__ == "__main__":
    main()
