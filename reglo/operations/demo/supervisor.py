"""Starts the sandbox, the web and the worker, prints the links, and stops all of it together.

Plain standard library and no Django: the second run has three seconds.
"""

import base64
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reglo.ports.terminal import gettext as _

STOP_SECONDS = 10
START_SECONDS = 60
PACKAGE = Path(__file__).parents[2]
MANAGE = (sys.executable, "-m", "reglo.operations.command_line")
# All that a demo makes but its two keys, which show that a folder is a demo's.
MADE = ("ready", "clock", "links.json", "files", "static", "sandbox", "reglo.sqlite3*", "*.log")


class CannotStart(Exception):
    """The demo cannot start; the sentence says why and what to do."""


class AskedToStop(Exception):
    """Ctrl-C, before everything had started."""


@dataclass
class Demo:
    """Where the demo lives and listens. `state` holds everything: deleting it begins again."""

    state: Path
    port: int
    sandbox_port: int
    smtp_port: int
    processes: list[tuple[str, "subprocess.Popen[bytes]"]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://localhost:{self.sandbox_port}"


def run(demo: Demo) -> int:
    """Run until Ctrl-C, or until a part dies. Returns the exit code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: demo.stop.set())
    try:
        for port in (demo.port, demo.sandbox_port, demo.smtp_port):
            refuse_busy(port)
        links = start(demo)
        print(greeting(demo, links), flush=True)
        while not demo.stop.wait(0.5):
            for name, process in demo.processes:
                if process.poll() is not None:
                    raise CannotStart(_("« %(part)s » s’est arrêté. Son journal : %(log)s") % part_of(demo, name))
    except AskedToStop:
        print("\n" + _("Arrêté avant la fin de la préparation."))
        return 1
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        stop_all(demo)
    print("\n" + _("Arrêté. « make demo » reprend où vous en étiez."))
    return 0


def refuse_busy(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            taken = _(
                "Le port %(port)s est déjà pris. Arrêtez ce qui l’occupe, ou choisissez-en un autre : "
                "make demo PORT=%(other)s"
            )
            raise CannotStart(taken % {"port": port, "other": port + 200}) from None


def start(demo: Demo) -> dict[str, str]:
    """Start every part, the links to print. All at once when there is nothing to prepare."""
    ready = demo.state / "ready"
    if not ready.exists():
        forget_half_made(demo)
        print(_("Première fois : Réglo prépare un an d’activité de l’Atelier Lumen…"), flush=True)
    installs = fingerprint()
    prepared = ready.exists() and ready.read_text(encoding="ascii") == installs
    demo.state.mkdir(parents=True, exist_ok=True)
    environment = {**os.environ, **settings_of(demo)}
    spawn(demo, "sandbox", sandbox_command(demo), environment)
    if prepared:
        spawn_site(demo, environment)
        links = prepare(demo, [], environment)
    else:
        wait_for(f"{demo.sandbox_url}/_control/state", demo, "sandbox")
        links = prepare(demo, ["--migrate"], environment)
        ready.write_text(installs, encoding="ascii")
        spawn_site(demo, environment)
    wait_for(f"{demo.sandbox_url}/_control/state", demo, "sandbox")
    wait_for(f"{demo.url}/health/live", demo, "web")
    links |= {"sandbox": demo.sandbox_url, "site": demo.url}
    (demo.state / "links.json").write_text(json.dumps(links, indent=2), encoding="utf-8")
    return links


def forget_half_made(demo: Demo) -> None:
    """A stopped preparation begins again. Raises CannotStart rather than touch a folder that is not a demo's."""
    if not demo.state.exists() or not any(demo.state.iterdir()):
        return
    if not (demo.state / "keys.json").exists():
        other = _("Le dossier %(folder)s contient autre chose qu’une démonstration : choisissez-en un vide.")
        raise CannotStart(other % {"folder": demo.state})
    for made in (path for name in MADE for path in demo.state.glob(name)):
        if made.is_dir():
            shutil.rmtree(made)
        else:
            made.unlink()


def fingerprint() -> str:
    """Changes with what `reglo migrate` installs: tables, guards, static files. 64 hexadecimal digits."""
    sources = [*PACKAGE.glob("*/migrations/*.py"), *PACKAGE.glob("database/guard*.py"), *PACKAGE.glob("*/static/**/*")]
    digest = hashlib.sha256()
    for path in sorted(sources):
        about = path.stat()
        digest.update(f"{path} {about.st_size} {about.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def prepare(demo: Demo, options: Sequence[str], environment: dict[str, str]) -> dict[str, str]:
    """Run `reglo prepare_demo` to its end: the links that it made."""
    with subprocess.Popen(  # noqa: S603 (our own command)
        [*MANAGE, "prepare_demo", *options], env=environment, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        while process.poll() is None:
            if demo.stop.wait(0.02):
                process.terminate()
                raise AskedToStop
        if process.returncode:
            raise CannotStart(_("La préparation a échoué ; la raison est écrite au-dessus."))
        assert process.stdout is not None, "asked for"
        links: dict[str, str] = json.loads(process.stdout.read().splitlines()[-1])
    return links


def spawn_site(demo: Demo, environment: dict[str, str]) -> None:
    spawn(demo, "web", web_command(demo), environment)
    spawn(demo, "worker", [*MANAGE, "worker"], environment)


def settings_of(demo: Demo) -> dict[str, str]:
    """The installation's settings; its two keys are drawn once and kept in the demo's folder."""
    keys = demo.state / "keys.json"
    if not keys.exists():
        drawn = {
            "REGLO_SECRET_KEY": secrets.token_urlsafe(50),
            "REGLO_ENCRYPTION_KEYS": base64.b64encode(secrets.token_bytes(32)).decode("ascii"),
        }
        keys.touch(mode=0o600)
        keys.write_text(json.dumps(drawn), encoding="utf-8")
    kept: dict[str, str] = json.loads(keys.read_text(encoding="utf-8"))
    return {
        **kept,
        "REGLO_BASE_URL": demo.url,
        "REGLO_DATABASE": str(demo.state / "reglo.sqlite3"),
        "REGLO_FILES": str(demo.state / "files"),
        "REGLO_STATIC": str(demo.state / "static"),
        "REGLO_SIMULATION": "1",
        "REGLO_CLOCK_FILE": str(demo.state / "clock"),
        "REGLO_STRIPE_API": demo.sandbox_url,
        "REGLO_STRIPE_DASHBOARD": demo.sandbox_url,
        "REGLO_INTERNAL_MAIL_SERVERS": f"localhost:{demo.smtp_port}",
        "REGLO_DEMO_SMTP_PORT": str(demo.smtp_port),
        "REGLO_LOG_LEVEL": os.environ.get("REGLO_LOG_LEVEL", "WARNING"),
    }


def sandbox_command(demo: Demo) -> list[str]:
    ports = ["--port", str(demo.sandbox_port), "--smtp-port", str(demo.smtp_port)]
    places = ["--state", str(demo.state / "sandbox"), "--clock-file", str(demo.state / "clock")]
    return [sys.executable, "-m", "sandbox", *ports, *places]


def web_command(demo: Demo) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4"),
        *("--host", "127.0.0.1", "--port", str(demo.port), "--no-ws", "--log-level", "warning"),
        "reglo.config.wsgi:application",
    ]


def spawn(demo: Demo, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
    """Start a part in its own group, so that Ctrl-C reaches us first and we stop them in order."""
    with (demo.state / f"{name}.log").open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 (our own commands)
            command,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    demo.processes.append((name, process))


def wait_for(url: str, demo: Demo, name: str) -> None:
    """Until `url` answers. Raises CannotStart when the part dies first, or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if demo.stop.is_set():
            raise AskedToStop
        process = next(process for part, process in demo.processes if part == name)
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 (our own loopback address)
                if answer.status == 200:
                    return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise CannotStart(_("« %(part)s » n’a pas démarré. Son journal : %(log)s") % part_of(demo, name))


def part_of(demo: Demo, name: str) -> dict[str, str]:
    """A part and its log, for a sentence."""
    return {"part": name, "log": str(demo.state / f"{name}.log")}


def stop_all(demo: Demo) -> None:
    """Stop the parts that we started, last first; each has ten seconds to finish what it does."""
    for _name, process in reversed(demo.processes):
        if process.poll() is None:
            process.terminate()
    for _name, process in reversed(demo.processes):
        try:
            process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def greeting(demo: Demo, links: dict[str, str]) -> str:
    """Where to go, the addresses under one another. Once everything is paid there is no customer's page to show."""
    portal = links.get("portal")
    waiting = _("(une facture qui attend d’être payée : carte 4242 4242 4242 4242)")
    all_paid = _("(toutes les factures sont réglées : finalisez-en une, puis « Copier le lien »)")
    rows = (
        (_("Votre tableau de bord"), links["dashboard"], _("(ce lien vous connecte, une seule fois)")),
        (_("Ce que voit le client"), portal or all_paid, waiting if portal else ""),
        (_("Le monde extérieur"), links["sandbox"], _("(la boîte aux lettres et Stripe, en bac à sable)")),
    )
    width = max(len(what) for what, _link, _about in rows) + 3
    lines = [line for what, link, about in rows for line in (f"{what:<{width}}{link}", f"{'':<{width}}{about}")]
    ready = _("Réglo est prêt. Rien ici n’est réel : c’est une démonstration.")
    again = _("Ctrl-C arrête tout. Tout effacer et recommencer : supprimez %(folder)s") % {"folder": demo.state}
    return "".join(f"  {line}".rstrip() + "\n" for line in ("", ready, "", *lines, "", again))
