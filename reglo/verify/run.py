"""Every proof, one line each."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from reglo.ports.terminal import gettext_noop
from reglo.verify.books import Books
from reglo.verify.proofs import (
    closings,
    credit_notes,
    deposits,
    disputes,
    documents,
    events,
    ledger,
    openings,
    payouts,
    quotes,
    refunds,
    settlements,
    stored_files,
    sums_of_lines,
    unmatched_payments,
    vat,
)

PROVED, BROKEN, UNREADABLE = 0, 40, 41  # exit codes of `reglo verify`
MOST_SHOWN = 20

Proof = Callable[[Books], Iterator[str]]

PROOFS: tuple[tuple[str, Proof], ...] = (
    (gettext_noop("Chaque écriture est équilibrée"), ledger.entries_balance),
    (gettext_noop("Les écritures se suivent et n’ont pas été réécrites"), ledger.entries_are_chained),
    (gettext_noop("Les numéros se suivent, sans trou ni retour en arrière"), documents.numbers_have_no_hole),
    (gettext_noop("Les documents émis n’ont pas été réécrits"), documents.documents_are_chained),
    (
        gettext_noop("Les factures reprises sont restées comme elles sont venues, hors des séries et de la chaîne"),
        openings.openings_are_as_they_came,
    ),
    (gettext_noop("Les totaux des documents sont justes"), documents.documents_add_up),
    (
        gettext_noop("Les sous-totaux sont des sommes, et les remises sont réparties selon les taux"),
        sums_of_lines.subtotals_and_discounts_are_right,
    ),
    (gettext_noop("Chaque document émis est comptabilisé une fois"), documents.documents_are_posted),
    (
        gettext_noop("Chaque document suit le régime de TVA de son jour"),
        vat.documents_follow_the_regime_of_their_day,
    ),
    (gettext_noop("Ce qui est sans TVA dit pourquoi"), vat.what_is_untaxed_says_why),
    (
        gettext_noop("Les avoirs restent dans leur facture, taux par taux"),
        credit_notes.credit_notes_stay_within_their_invoices,
    ),
    (
        gettext_noop("Une facture est annulée quand ses avoirs font son total"),
        credit_notes.invoices_are_credited_by_their_credit_notes,
    ),
    (
        gettext_noop("Aucun acompte n’est déduit ni crédité au-delà de ce qu’il est, taux par taux"),
        deposits.deposits_are_deducted_within,
    ),
    (
        gettext_noop("Ce que chaque facture déduit est ce que ses acomptes ont facturé"),
        deposits.invoices_deduct_what_they_cite,
    ),
    (
        gettext_noop("Le compte des acomptes facturés est ce qui n’est pas encore déduit"),
        deposits.advances_are_what_is_not_deducted,
    ),
    (gettext_noop("Les devis envoyés n’ont pas été réécrits"), quotes.versions_are_unchanged),
    (
        gettext_noop("Chaque réponse à un devis porte sur ce qui a été envoyé"),
        quotes.decisions_are_about_what_was_sent,
    ),
    (
        gettext_noop("Rien n’est facturé au-delà du devis accepté"),
        quotes.no_more_is_invoiced_than_was_accepted,
    ),
    (gettext_noop("Ce qui est réglé est ce qui a été affecté"), settlements.settlements_are_their_allocations),
    (gettext_noop("Chaque échéance est celle qui a été convenue"), settlements.due_dates_are_those_agreed),
    (
        gettext_noop("Ce qui est en route est ce que les paiements en cours annoncent"),
        settlements.what_is_on_its_way_is_announced,
    ),
    (gettext_noop("Aucun encaissement ne règle plus qu’il n’apporte"), settlements.payments_cover_their_allocations),
    (
        gettext_noop("La TVA en attente est celle de ce qui n’est pas encore encaissé"),
        credit_notes.waiting_vat_is_that_of_what_is_owed,
    ),
    (gettext_noop("Le compte clients est ce qui reste à recevoir"), settlements.receivables_are_what_is_owed),
    (
        gettext_noop("Le compte des trop-perçus est ce qui n’est pas affecté"),
        settlements.surpluses_are_what_is_not_allocated,
    ),
    (
        gettext_noop("Un paiement sans facture n’est dans les comptes qu’une fois rattaché"),
        unmatched_payments.attached_payments_are_in_the_books,
    ),
    (gettext_noop("Ce que les contestations ont pris est dans les comptes"), disputes.disputes_are_their_moves),
    (
        gettext_noop("Ce qui est contesté d’une facture est ce qui en a été repris"),
        disputes.what_is_disputed_is_what_disputes_took,
    ),
    (gettext_noop("Chaque virement versé est comptabilisé une fois"), payouts.payouts_are_posted),
    (gettext_noop("Un virement est la somme de ses lignes, ou son écart est dit"), payouts.payouts_are_their_lines),
    (
        gettext_noop("Le compte du prestataire est ce qu’il n’a pas encore versé"),
        payouts.nothing_is_left_of_what_was_paid_out,
    ),
    (
        gettext_noop("Le trop-perçu de chaque encaissement est ce qu’aucun document n’a pris"),
        refunds.each_surplus_is_what_no_document_took,
    ),
    (
        gettext_noop("Aucun remboursement ne dépasse son encaissement, et chacun est comptabilisé une fois"),
        refunds.refunds_are_covered_and_booked,
    ),
    (
        gettext_noop("Les clôtures se suivent, et leurs totaux sont ceux des documents et des paiements"),
        closings.closings_are_the_books,
    ),
    (gettext_noop("Les fichiers gardés sont ceux qui ont été produits"), stored_files.files_are_whole),
    (gettext_noop("Les événements n’ont pas été réécrits"), events.seals_hold),
    (gettext_noop("Le contenu des événements est intact ou effacé"), events.contents_match_their_digests),
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
