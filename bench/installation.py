"""A scratch installation per engine: settings, a migrated base, a company with drafts ready to be issued."""

import base64
import os
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

POSTGRESQL = os.environ.get("REGLO_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
SCRATCH = Path("var/bench").absolute()


def settings_for(engine: str, name: str) -> dict[str, str]:
    """The environment of an installation on `engine`, its base called `name`."""
    return {
        "DJANGO_SETTINGS_MODULE": "reglo.config.settings",
        "REGLO_SECRET_KEY": "bench-" + "x" * 50,
        "REGLO_ENCRYPTION_KEYS": base64.b64encode(b"b" * 32).decode(),
        "REGLO_DATABASE": address_of(engine, name),
        "REGLO_FILES": str(SCRATCH / "files"),
        "REGLO_STATIC": str(SCRATCH / "static"),
        "REGLO_LOG_LEVEL": "ERROR",
    }


def inherited() -> dict[str, str]:
    """Our environment without the settings of any other installation."""
    kept = {"REGLO_TEST_POSTGRESQL"}
    return {name: value for name, value in os.environ.items() if name in kept or not name.startswith("REGLO_")}


def address_of(engine: str, name: str) -> str:
    if engine == "sqlite":
        return str(SCRATCH / f"{name}.sqlite3")
    return urlsplit(POSTGRESQL)._replace(path=f"/reglo_bench_{name}").geturl()


def create(engine: str, name: str, *, template: str = "") -> None:
    """An empty base, or a copy of another one of ours."""
    drop(engine, name)
    SCRATCH.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        if template:
            shutil.copy(address_of(engine, template), address_of(engine, name))
        return
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        copied = f" TEMPLATE reglo_bench_{template}" if template else ""
        server.execute(f"CREATE DATABASE reglo_bench_{name}{copied}")


def drop(engine: str, name: str) -> None:
    if engine == "sqlite":
        for suffix in ("", "-wal", "-shm", ".lock"):
            Path(address_of(engine, name) + suffix).unlink(missing_ok=True)
        return
    with psycopg.connect(POSTGRESQL, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS reglo_bench_{name} WITH (FORCE)")


def answers(engine: str) -> bool:
    if engine == "sqlite":
        return True
    try:
        psycopg.connect(POSTGRESQL, connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True
