"""As its documentation asks for, on the engine, with the durability and the connections of ours."""

import os
from urllib.parse import unquote, urlsplit

ADDRESS = os.environ["BENCH_DATABASE"]
SECRET_KEY = "bench-" + "x" * 50
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "djstripe"]
MIDDLEWARE: list[str] = []
ROOT_URLCONF = "bench.djstripe_site.urls"
USE_TZ = True
LOGGING_CONFIG = None

# Tables are made from the models: the same tables and indexes, without the minutes that dj-stripe's migrations take.
MIGRATION_MODULES = dict.fromkeys(("auth", "contenttypes", "djstripe"))

if "://" in ADDRESS:
    PARTS = urlsplit(ADDRESS)
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(PARTS.path.lstrip("/")),
            "USER": unquote(PARTS.username or ""),
            "PASSWORD": unquote(PARTS.password or ""),
            "HOST": PARTS.hostname or "",
            "PORT": str(PARTS.port or ""),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": ADDRESS,
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA temp_store=MEMORY;",
            },
        }
    }

STRIPE_LIVE_MODE = False
STRIPE_TEST_SECRET_KEY = os.environ["BENCH_STRIPE_KEY"]
STRIPE_API_HOST = os.environ["BENCH_STRIPE_API"]
STRIPE_API_VERSION = os.environ["BENCH_STRIPE_VERSION"]
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
