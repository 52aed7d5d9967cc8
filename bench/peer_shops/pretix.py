"""pretix with its own defaults: a thousand public events of one organizer, the first with ten products. Its list shows
50 events a page and has no search of words, so two kinds of pages are asked.
"""

import os

from bench.peer_shops import FOLDER, Peer, bare, database, filled, installed

PACKAGES = ("pretix==2026.8.0",)
_CONFIGURATION = """
[pretix]
url=http://127.0.0.1:{port}
datadir={folder}/data
[database]
backend=postgresql
name={PG_NAME}
user={PG_USER}
password={PG_PASSWORD}
host={PG_HOST}
port={PG_PORT}
[redis]
location={redis}
sessions=true
[django]
debug=off
secret=a bench has no secrets to keep here
"""
_FILL = """
import sys
import django
django.setup()
from datetime import timedelta
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.utils.timezone import now
from django_scopes import scopes_disabled
from pretix.base.models import Event, Organizer
with scopes_disabled():
    press = Organizer.objects.create(name="Press", slug="press")
    for n, title in enumerate(sys.stdin.read().split("\\n")):
        event = Event.objects.create(organizer=press, name=title, slug=f"e{n}", currency="EUR", live=True,
            is_public=True, date_from=now() + timedelta(days=30, minutes=n), plugins="pretix.plugins.banktransfer")
        event.set_defaults()
        quota = event.quotas.create(name="places", size=None)
        for tier in range(10 if n == 0 else 1):
            quota.items.add(event.items.create(name=f"Tier {tier}", default_price=20))
"""


def made(titles: list[str], words: list[str], port: int) -> Peer:
    python = installed("pretix", *PACKAGES)
    shop = FOLDER / "pretix" / "shop"
    (shop / "data").mkdir(parents=True, exist_ok=True)
    where = {**database("pretix", shop), "folder": str(shop), "redis": os.environ["REDIS_URL"], "port": str(port)}
    (shop / "pretix.cfg").write_text(_CONFIGURATION.format(**where))
    (shop / "fill.py").write_text(_FILL)
    env = {**bare(), "DJANGO_SETTINGS_MODULE": "pretix.settings", "PRETIX_CONFIG_FILE": str(shop / "pretix.cfg")}
    filled(python, shop, {**env, "PG_MADE": where["PG_MADE"]}, titles)
    command = [str(python), "-m", "gunicorn", "pretix.wsgi", "--workers", "1", "--bind", f"127.0.0.1:{port}"]
    return Peer("pretix", command, shop, env, {"catalogue": ["/press/"], "product": ["/press/e0/"]})
