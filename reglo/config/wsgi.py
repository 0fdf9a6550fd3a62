"""What the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reglo.config.settings")

application = get_wsgi_application()

# Late: it needs Django set up. What is not fit to serve stops the server with one sentence.
from reglo.config.checks import require_fit  # noqa: E402 (Django is set up above)

require_fit()
