"""Kolibri with its own defaults (SQLite, its cache in files): one channel with so many resources. What it answers is
JSON for a page that the browser builds; ours is the whole page.
"""

from urllib.parse import urlencode

from bench.peer_shops import FOLDER, Peer, bare, filled, installed

PACKAGES = ("kolibri==0.19.5",)
_FILL = """
import sys, uuid
from kolibri.utils.main import initialize
initialize()
from django.core.management import call_command
call_command("provisiondevice", "--facility", "Press", "--superusername", "bench", "--superuserpassword", "bench-2026",
    "--preset", "formal", "--language_id", "en", interactive=False)
from kolibri.core.content.models import ChannelMetadata, ContentNode
channel = uuid.uuid4().hex
root = ContentNode.objects.create(id=channel, title="Press", content_id=uuid.uuid4().hex, channel_id=channel,
    kind="topic", available=True)
ChannelMetadata.objects.create(id=channel, name="Press", root=root, min_schema_version="1", version=1)
with ContentNode.objects.delay_mptt_updates():
    for n, title in enumerate(sys.stdin.read().split("\\n")):
        last = ContentNode.objects.create(id=uuid.uuid4().hex, parent=root, title=title, description=title * 5,
            content_id=uuid.uuid4().hex, channel_id=channel, kind="video", available=True, sort_order=n)
print(last.id)
"""
_LIST = "/api/content/contentnode/?"


def made(titles: list[str], words: list[str], port: int) -> Peer:
    python = installed("kolibri", *PACKAGES)
    shop = FOLDER / "kolibri" / "shop"
    shop.mkdir(exist_ok=True)
    (shop / "fill.py").write_text(_FILL)
    env = {**bare(), "KOLIBRI_HOME": str(shop / "home"), "KOLIBRI_ZEROCONF_ENABLED": "False"}
    node = filled(python, shop, env, titles)
    command = [str(python), "-m", "gunicorn", "kolibri.deployment.default.wsgi", "--workers", "1"]
    pages = {
        "catalogue": [_LIST + urlencode({"max_results": 24, "kind": "video"})],
        "product": [f"/api/content/contentnode/{node}/"],
        "search": [_LIST + urlencode({"max_results": 24, "keywords": word}) for word in words],
    }
    return Peer("kolibri", [*command, "--bind", f"127.0.0.1:{port}"], shop, env, pages)
