"""Settings of the test suite: the product's own, on a database and a folder of the suite."""

import base64
import os

os.environ.setdefault("REGLO_SECRET_KEY", "test-secret-key-" + "x" * 50)
os.environ.setdefault("REGLO_ENCRYPTION_KEYS", base64.b64encode(b"k" * 32).decode())
os.environ.setdefault("REGLO_BASE_URL", "http://localhost:8000")
os.environ.setdefault("REGLO_LOG_LEVEL", "WARNING")
os.environ["LANGUAGE"] = "fr"  # commands speak the language of the terminal, and tests read French

# The databases themselves are copies of a template: tests/harness/databases.py gives them their names.
TEST_ENGINE = os.environ.get("REGLO_TEST_ENGINE", "sqlite")
TEST_POSTGRESQL = os.environ.get("REGLO_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
os.environ["REGLO_DATABASE"] = {"sqlite": "var/test.sqlite3", "postgresql": TEST_POSTGRESQL}[TEST_ENGINE]

from reglo.config.settings import *  # noqa: E402, F403 (the product's settings, once their environment is set)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
