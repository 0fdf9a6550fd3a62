"""`python -m sandbox --port P --smtp-port Q --state DIR`: the outside world, until Ctrl-C."""

import argparse
import signal
import sys
import threading
from pathlib import Path

from sandbox.server import NotLoopback, PortBusy, start


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="Le monde extérieur, en démonstration.")
    parser.add_argument("--host", default="127.0.0.1", help="adresse d’écoute, de bouclage seulement")
    parser.add_argument("--port", type=int, default=8100, help="port des pages et de l’API")
    parser.add_argument("--smtp-port", type=int, default=8125, help="port de la boîte aux lettres")
    parser.add_argument("--state", type=Path, required=True, help="dossier où l’état est gardé")
    parser.add_argument("--clock-file", type=Path, help="fichier d’un nombre de secondes ajouté à l’heure")
    options = parser.parse_args(arguments)
    try:
        running = start(
            options.state,
            port=options.port,
            smtp_port=options.smtp_port,
            host=options.host,
            clock_file=options.clock_file,
        )
    except (PortBusy, NotLoopback) as error:
        print(error, file=sys.stderr)
        return 1
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    print(f"Bac à sable : {running.url}  (courrier : SMTP sur le port {running.smtp_port})", flush=True)
    done.wait()
    running.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
