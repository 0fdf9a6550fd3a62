"""Mails, as the mail server saw them: none twice but where its sender died, one receipt for each charge."""

import re
from collections import Counter
from collections.abc import Iterator

from lab.invariants.books import Books
from lab.invariants.memory import Memory
from lab.outside import Outside

NUMBER = re.compile(r"ESSAI-[AF]\d{4}-\d{4,}")


def nothing_is_sent_twice(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I6: a Message-ID is taken once, repeats of a sender that died excepted; a charge has one receipt at most."""
    mail = outside.mail
    for message_id, times in Counter(one.message_id for one in mail.taken).items():
        if times > 1 + mail.excused[message_id]:
            yield f"I6: {message_id} was sent {times} times"
    charges = Counter(page.reference for page, _charge in outside.house.charges())
    receipts: dict[str, set[str]] = {}
    for one in mail.taken:
        for file in one.files:
            if file.startswith("recu-"):
                number = file.removeprefix("recu-").removesuffix(".pdf")
                receipts.setdefault(number, set()).add(one.message_id)
    for number, different in receipts.items():
        if len(different) > charges[number]:
            yield f"I6: {number} has {len(different)} receipts for {charges[number]} charges"


def everybody_gets_his_own(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """I8: a mail is about a document of the customer that it is addressed to; an alert is for who runs the company."""
    addresses: dict[str, set[str]] = {}
    for number, address in books.rows(
        "SELECT i.number, c.email FROM invoicing_invoice i JOIN customers_customer c ON c.id = i.customer_id"
        " WHERE i.number IS NOT NULL"
    ):
        addresses.setdefault(number, set()).add(address)
    alerts: dict[str, str] = dict(
        books.rows(
            "SELECT a.message_id, u.email FROM delivery_alert a JOIN companies_membership m"
            " ON m.company_id = a.company_id AND m.user_id = a.user_id AND m.role = 'owner'"
            " JOIN companies_user u ON u.id = a.user_id"
        )
    )
    for one in outside.mail.taken:
        if one.message_id in alerts and one.to == alerts[one.message_id]:
            continue
        found = NUMBER.search(one.subject)
        if found is None or one.to not in addresses.get(found[0], set()):
            yield f"I8: {one.to} got « {one.subject} »"


def sent_is_taken(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """A mail that we call sent is at the mail server."""
    taken = {one.message_id for one in outside.mail.taken}
    for message_id, _kind, state, _payment in books.messages:
        if state in {"sent", "delivered", "seen"} and message_id not in taken:
            yield f"I6: {message_id} is {state}, and the mail server never saw it"
    for (message_id,) in books.rows("SELECT message_id FROM delivery_alert WHERE state = 'sent'"):
        if message_id not in taken:
            yield f"I6: alert {message_id} is sent, and the mail server never saw it"


def receipts_arrived(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """L2: a charge that settled something as it came has its receipt, at the mail server or refused by it for good."""
    known = {payment: (message_id, state) for message_id, kind, state, payment in books.messages if kind == "receipt"}
    taken = {one.message_id for one in outside.mail.taken}
    for identifier, payment in books.payments.items():
        if payment.by_hand or identifier not in books.settling_on_arrival:
            continue
        message_id, state = known.get(identifier, ("", ""))
        if state != "failed" and message_id not in taken:
            yield f"L2: the payer of {payment.external} has no receipt"
