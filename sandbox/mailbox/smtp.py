"""Receives mail over SMTP, on this machine only, and keeps it.

Any name and password will do, except the password "refuse". A recipient whose name begins with "inconnu" does not
exist.
"""

import asyncio
import json
import logging
import socket
import threading
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.world import World

LARGEST_MAIL = 40_000_000
REFUSED_PASSWORD = b"refuse"
#: The library warns about itself at every login.
logging.getLogger("mail.log").setLevel(logging.ERROR)


class Keeper:
    """What the SMTP conversation asks of us."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def handle_RCPT(  # noqa: N802 - the name the SMTP library calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.lower().startswith("inconnu"):
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        with self.world.store.transaction() as db:
            db.execute(
                "INSERT INTO mails (received, sender, recipients, raw) VALUES (?, ?, ?, ?)",
                (self.world.clock.now(), envelope.mail_from or "", json.dumps(envelope.rcpt_tos), raw),
            )
        return "250 kept"


def check_login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
    wrong = isinstance(login, LoginPassword) and login.password == REFUSED_PASSWORD
    return AuthResult(success=not wrong, handled=False)


class PostOffice:
    def __init__(self, world: World, listening: socket.socket) -> None:
        self._world = world
        self._listening = listening
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="sandbox-smtp", daemon=True)

    def _conversation(self) -> SMTP:
        return SMTP(
            Keeper(self._world),
            data_size_limit=LARGEST_MAIL,
            hostname="sandbox.localhost",
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=check_login,
            loop=self._loop,
        )

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(self._loop.create_server(self._conversation, sock=self._listening))
        try:
            self._loop.run_forever()
        finally:
            server.close()
            self._loop.run_until_complete(self._end_conversations())
            self._loop.close()

    async def _end_conversations(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)
