"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglo.config.settings")

application = get_wsgi_application()

# Late: they need Django set up. A database that is not ready stops the server with one sentence.
from django.db import connection  # noqa: E402

from reglo.database.readiness import require_ready  # noqa: E402

require_ready(connection)
connection.close()
