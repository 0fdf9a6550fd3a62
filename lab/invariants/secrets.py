"""I11: no token, key or card number in a log, an event or a mail."""

import re
from collections.abc import Iterator

from lab.invariants.books import Books
from lab.invariants.memory import Memory
from lab.outside import Outside

CARD = re.compile(r"(?<![\w-])(?:\d[ -]?){16}(?![\w-])")
LINK = re.compile(r"/p/l/([\w-]{43})")


def nothing_leaks(books: Books, outside: Outside, memory: Memory) -> Iterator[str]:
    """Only what is new is read."""
    words = [account.key for account in outside.house.accounts.values()]
    words += [account.endpoint_secret for account in outside.house.accounts.values() if account.endpoint_secret]
    words += ["mot-de-passe-"]
    for mail in outside.mail.taken[memory.mails :]:
        yield from _leaks(mail.text + mail.subject, words, "a mail")
    tokens = [match[1] for mail in outside.mail.taken for match in LINK.finditer(mail.text)]
    for line in books.log[memory.lines :]:
        yield from _leaks(line, [*words, *tokens], "the log")
    last = memory.contents
    for event, content in books.rows(
        f"SELECT event_id, content FROM events_eventcontent WHERE event_id > {memory.contents} ORDER BY event_id"  # noqa: S608 (names read from the catalogue)
    ):
        last = event
        yield from _leaks(content, [*words, *tokens], "an event")
    memory.contents, memory.lines, memory.mails = last, len(books.log), len(outside.mail.taken)


def _leaks(text: str, words: list[str], where: str) -> Iterator[str]:
    for word in words:
        if word in text:
            yield f"I11: {where} says {word[:12]}…"
    if CARD.search(text):
        yield f"I11: {where} holds what looks like a card number"
