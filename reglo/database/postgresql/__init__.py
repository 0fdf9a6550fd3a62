"""Django's PostgreSQL backend with the session settings that our locking relies on."""
