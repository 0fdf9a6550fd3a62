"""The `reglo.database.postgresql` engine."""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import IsolationLevel

# Nobody waits for a lock, nor keeps one in a forgotten transaction, longer than a person waits for a page.
SESSION = "-c lock_timeout=20s -c idle_in_transaction_session_timeout=60s"


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        options = self.settings_dict["OPTIONS"]
        # Said, not assumed: a server may have another default, and a row re-read under a lock must be fresh.
        options.setdefault("isolation_level", IsolationLevel.READ_COMMITTED)
        options.setdefault("application_name", "reglo")
        options.setdefault("options", SESSION)
        # The server plans a statement once per connection instead of at each use: a fifth of the time of an issue. A
        # pooler between us must know prepared statements (PgBouncer 1.21 and later do).
        options.setdefault("server_side_binding", True)
        options.setdefault("prepare_threshold", 5)
        params: dict[str, Any] = super().get_connection_params()
        return params
