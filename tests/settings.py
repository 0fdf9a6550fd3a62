"""Settings of the test suite: the product's own, on a database and a folder of the suite."""

import base64
import os

os.environ.setdefault("REGLO_SECRET_KEY", "test-secret-key-" + "x" * 50)
os.environ.setdefault("REGLO_ENCRYPTION_KEYS", base64.b64encode(b"k" * 32).decode())
os.environ.setdefault("REGLO_BASE_URL", "http://localhost:8000")
os.environ.setdefault("REGLO_LOG_LEVEL", "WARNING")

from reglo.config.settings import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
