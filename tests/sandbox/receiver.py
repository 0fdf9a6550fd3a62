"""A shop's webhook address: keeps what it is sent and answers as it is told."""

import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import stripe


@dataclass(frozen=True)
class Received:
    body: bytes
    signature: str | None

    def verified(self, secret: str) -> dict[str, Any]:
        """The event, if the SDK accepts its signature; else its SignatureVerificationError."""
        stripe.WebhookSignature.verify_header(self.body.decode(), self.signature or "", secret, tolerance=300)
        event: dict[str, Any] = json.loads(self.body)
        return event


class Receiver:
    def __init__(self) -> None:
        self.received: list[Received] = []
        self.status = 200
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.received.append(Received(body, self.headers.get("Stripe-Signature")))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the library's own name)
                """Silence."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/hook"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
