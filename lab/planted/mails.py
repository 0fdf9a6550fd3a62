"""Bugs in mails and on the portal."""

from typing import Any

from lab.planted.bug import Bugs, module_of, swap

BUGS = Bugs()
SEND = "reglo.delivery.services.send_message"


@BUGS.plant("A mail is marked as sent before it is: a crash between the two loses it.")
def marked_before_sent() -> Any:
    module = module_of(SEND)
    honest = module.connect
    begun: list[Any] = []
    begin = module._begin

    def remember(company_id: int, message_id: Any, now: Any) -> Any:
        message = begin(company_id, message_id, now)
        begun[:] = [(message, now)]
        return message

    def connect(settings: Any) -> Any:
        message, now = begun[0]
        module._finish(message, now)
        return honest(settings)

    from contextlib import ExitStack

    stack = ExitStack()
    stack.enter_context(swap(SEND, "_begin", remember))
    stack.enter_context(swap(SEND, "connect", connect))
    return stack


@BUGS.plant("A mail that left already leaves again when its reaction runs again.")
def sent_again() -> Any:
    from django.db import transaction

    module = module_of(SEND)

    def begin(company_id: int, message_id: Any, now: Any) -> Any:
        with transaction.atomic():
            message = module.lock_message(message_id=message_id, company_id=company_id)
            if message is None or message.state not in {"queued", "sent"}:
                return None
            if not message.sealed_token:
                message.seal_token("x" * 43)
        return message

    return swap(SEND, "_begin", begin)


@BUGS.plant("Each try to send has a Message-ID of its own: a repeat is another mail.")
def new_message_id_each_time() -> Any:
    from dataclasses import dataclass

    honest = module_of(SEND).compose

    @dataclass
    class Renamed:
        message: Any

        def __getattr__(self, name: str) -> Any:
            if name == "message_id":
                return f"<{self.message.attempts}.{self.message.message_id[1:]}"
            return getattr(self.message, name)

    return swap(SEND, "compose", lambda message, **given: honest(Renamed(message), **given))


@BUGS.plant("The receipt goes to whoever was last written to, whatever the document.")
def receipt_to_somebody_else() -> Any:
    from reglo.delivery.models import Message

    def recipient(invoice: Any) -> str:
        return str(Message.objects.exclude(to="").order_by("-created_at", "-message_id")[0].to)

    return swap("reglo.delivery.services.send_receipt", "recipient_of", recipient)


@BUGS.plant("No receipt for a payment that is told late.")
def receipt_forgotten() -> Any:
    honest = module_of("reglo.delivery.tasks").send_receipt

    def send(*, payment_id: Any, now: Any, **given: Any) -> Any:
        from reglo.payments.models import Payment

        late = (now - Payment.objects.get(id=payment_id).paid_at).total_seconds() > 60
        return None if late else honest(payment_id=payment_id, now=now, **given)

    return swap("reglo.delivery.tasks", "send_receipt", send)


@BUGS.plant("A document's address opens it to any browser.")
def anybody_may_look() -> Any:
    from reglo.delivery.models import PortalGrant

    def grants(session_key: Any) -> Any:
        return PortalGrant.objects.select_related(
            "session", "link", "company", "invoice__company", "invoice__settlement", "invoice__customer"
        )

    return swap("reglo.delivery.queries", "_grants", grants)


@BUGS.plant("A form without its proof is believed: a mail scanner presses Payer.")
def form_without_proof() -> Any:
    return swap("reglo.portal.doors", "is_proven", lambda request, session: True)


@BUGS.plant("Addresses are logged as they are, tokens included.")
def token_in_the_log() -> Any:
    return swap("reglo.config.request_log", "mask", lambda text: text)
