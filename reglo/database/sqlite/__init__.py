"""Django's SQLite backend with durable settings and one fair lock in front of write transactions."""
