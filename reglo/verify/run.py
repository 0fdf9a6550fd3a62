"""Every proof, one line each."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from reglo.verify.books import Books
from reglo.verify.proofs import documents, events, ledger, settlements, stored_files

PROVED, BROKEN, UNREADABLE = 0, 40, 41  # exit codes of `reglo verify`
MOST_SHOWN = 20

Proof = Callable[[Books], Iterator[str]]

PROOFS: tuple[tuple[str, Proof], ...] = (
    ("Chaque écriture est équilibrée", ledger.entries_balance),
    ("Les écritures se suivent et n'ont pas été réécrites", ledger.entries_are_chained),
    ("Les numéros se suivent, sans trou ni retour en arrière", documents.numbers_have_no_hole),
    ("Les documents émis n'ont pas été réécrits", documents.documents_are_chained),
    ("Les totaux des documents sont justes", documents.documents_add_up),
    ("Chaque document émis est comptabilisé une fois", documents.documents_are_posted),
    ("Ce qui est réglé est ce qui a été affecté", settlements.settlements_are_their_allocations),
    ("Ce qui est en route est ce que les paiements en cours annoncent", settlements.what_is_on_its_way_is_announced),
    ("Aucun encaissement ne règle plus qu'il n'apporte", settlements.payments_cover_their_allocations),
    ("Le compte clients est ce qui reste à recevoir", settlements.receivables_are_what_is_owed),
    ("Le compte des trop-perçus est ce qui n'est pas affecté", settlements.surpluses_are_what_is_not_allocated),
    ("Les fichiers gardés sont ceux qui ont été produits", stored_files.files_are_whole),
    ("Les événements n'ont pas été réécrits", events.seals_hold),
    ("Le contenu des événements est intact ou effacé", events.contents_match_their_digests),
)


@dataclass(frozen=True)
class Verdict:
    """What one proof found; `faults` holds MOST_SHOWN at most."""

    sentence: str
    faults: tuple[str, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        return not self.faults


def verify(books: Books) -> Iterator[Verdict]:
    """Run every proof, whatever the others found."""
    for sentence, proof in PROOFS:
        began = time.monotonic()
        yield Verdict(sentence, tuple(islice(proof(books), MOST_SHOWN)), time.monotonic() - began)
