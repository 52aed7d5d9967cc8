"""The product's settings with what tests change: each worker's own corner of Valkey and of the disk, a fast hasher.

pytest-django gives each worker a database of its own. Processes that a test starts inherit DJANGO_SETTINGS_MODULE, read
this module again and, by the mark KEZHAN_TEST_CORNER, stay in the corner of the worker that started them. (Workers in
turn inherit the environment of the process that hands out the tests, which has a corner and a name of its own.)
"""

import atexit
import os
import shutil
import tempfile
from urllib.parse import urlsplit

_name = os.environ.get("PYTEST_XDIST_WORKER", "main")
if os.environ.get("KEZHAN_TEST_CORNER") != _name:
    _worker = 0 if _name == "main" else int(_name.removeprefix("gw"))
    _home = tempfile.mkdtemp(prefix=f"kezhan-{_worker}-", dir=os.environ.get("KEZHAN_TEST_FOLDER"))
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
    _valkey = urlsplit(os.environ["REDIS_URL"])
    _number = int(_valkey.path.strip("/") or 0)
    # A number other than 0 says that neighbours use the same server: then workers keep their distance.
    _number += _worker * (16 if _number else 1)
    os.environ |= {
        "KEZHAN_TEST_CORNER": _name,
        "KEZHAN_HOME": _home,
        "REDIS_URL": _valkey._replace(path=f"/{_number}").geturl(),
        "KEZHAN_SECRET_KEY": "tests-tests-tests-tests-tests-tests-tests-tests-tests",
        "KEZHAN_CREDENTIAL_KEY": "dGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdGVzdHMtdDA",
        "KEZHAN_CREDENTIAL_FORMER_KEYS": "",
        "KEZHAN_DEBUG": "0",
        "KEZHAN_BASE_URL": "http://testserver",
        "KEZHAN_ALLOWED_HOSTS": "testserver,127.0.0.1,localhost",
        "KEZHAN_LOG_FORMAT": "text",
        "ALLOW_SANDBOX": "1",
        "STRIPE_SECRET_KEY": "",
        "KEZHAN_SECOND_LOOK_PERCENT": "0",
        "KEZHAN_SEARCHES_A_SECOND": "0",
    }

from marketplace.settings import *  # noqa: F403
from marketplace.settings import CACHES, DATABASES, INSTALLED_APPS, MIDDLEWARE, STATIC_ROOT, STORAGES

# Hashing a password costs a quarter of a second on purpose; the cast logs in thousands of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Static files are served from where they lie: nothing is collected before a test run.
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
# The product gives up on a slow Valkey and goes on without; on a machine busy with tests that would look like a fault.
CACHES = {"default": {**CACHES["default"], "OPTIONS": {"socket_timeout": 20, "socket_connect_timeout": 20}}}
# N+1 queries raise.
INSTALLED_APPS = [*INSTALLED_APPS, "zeal"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
ZEAL_RAISE = True
ZEAL_NPLUSONE_THRESHOLD = 3

# bin/test has a migrated database ready to be copied.
if _template := os.environ.get("KEZHAN_TEST_TEMPLATE"):
    DATABASES["default"]["TEST"] = {"TEMPLATE": _template}

# A test that waits for a lock which nobody will give back fails, instead of holding up the run.
DATABASES["default"]["OPTIONS"]["options"] = "-c lock_timeout=60s"
