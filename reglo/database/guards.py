"""Triggers that keep the books honest even against our own code: declared here, installed by `reglo migrate`.

A guard refuses one kind of statement on one table when a condition holds. The condition is SQL over the rows OLD and
NEW, the same text on both engines; `{changed}` in it stands for "any column but those of `but` differs". What a
guard refuses is an `IntegrityError`, whatever the engine.

The tables are named as strings: this package lies below those that own them.
"""

from collections.abc import Iterable
from dataclasses import dataclass

ALWAYS = "TRUE"


@dataclass(frozen=True)
class Guard:
    table: str
    aspect: str  # what it protects, in a word: part of the trigger's name
    event: str  # INSERT, UPDATE, DELETE; TRUNCATE exists on PostgreSQL only
    refuses: str  # condition
    because: str  # what the error says
    but: frozenset[str] = frozenset()  # columns that `{changed}` leaves out

    @property
    def name(self) -> str:
        return f"guard_{self.table}_{self.aspect}_{self.event.lower()}"


def append_only(table: str, *, erasable: bool = False) -> list[Guard]:
    """Rows are never changed, and never deleted either unless `erasable`."""
    because = f"{table} is append-only"
    guards = [
        Guard(table, "kept", "UPDATE", ALWAYS, because),
        Guard(table, "kept", "TRUNCATE", ALWAYS, because),
    ]
    if not erasable:
        guards.append(Guard(table, "kept", "DELETE", ALWAYS, because))
    return guards


def frozen(table: str, *, when: str = ALWAYS, but: Iterable[str] = (), removable: str | None = None) -> list[Guard]:
    """Once `when` holds of the stored row (OLD), only the columns `but` may change and the row stays, unless
    `removable` holds of it."""
    because = f"{table} is frozen"
    return [
        Guard(table, "frozen", "UPDATE", f"({when}) AND ({{changed}})", because, frozenset(but)),
        Guard(table, "frozen", "DELETE", f"({when}) AND NOT ({removable})" if removable else when, because),
        Guard(table, "frozen", "TRUNCATE", ALWAYS, because),
    ]


def frozen_with_parent(table: str, *, parent: str, key: str, when: str) -> list[Guard]:
    """Rows of `table` are fixed, none added, once `when` holds of the `parent` row that `key` names."""

    def refused(row: str) -> str:
        return f"EXISTS (SELECT 1 FROM {parent} WHERE id = {row}.{key} AND {when})"

    because = f"{table} is frozen with its {parent}"
    return [
        Guard(table, "frozen", "INSERT", refused("NEW"), because),
        Guard(table, "frozen", "UPDATE", f"{refused('OLD')} OR {refused('NEW')}", because),
        Guard(table, "frozen", "DELETE", refused("OLD"), because),
        Guard(table, "frozen", "TRUNCATE", ALWAYS, because),
    ]


def sealed_entries(entry: str, line: str) -> list[Guard]:
    """The lines of an entry come first; the entry is the seal: it must balance, and closes the list of lines."""
    balanced = (
        "(SELECT COUNT(*) >= 2 AND SUM(debit_minor) = SUM(credit_minor)"
        " AND MIN(company_id) = NEW.company_id AND MAX(company_id) = NEW.company_id"
        f" FROM {line} WHERE entry_id = NEW.id)"
    )
    sealed = f"EXISTS (SELECT 1 FROM {entry} WHERE id = NEW.entry_id)"
    return [
        Guard(entry, "balanced", "INSERT", f"{balanced} IS NOT TRUE", f"{entry} does not balance"),
        Guard(line, "sealed", "INSERT", sealed, f"{entry} is sealed: no more lines"),
        *append_only(entry),
        *append_only(line),
    ]


def never_back(table: str, *columns: str, removed_elsewhere: bool = False) -> list[Guard]:
    """Counters and chain heads only move forward, and are not deleted (`removed_elsewhere`: but by another guard)."""
    back = " OR ".join(f"NEW.{column} < OLD.{column}" for column in columns)
    because = f"{table} never goes back"
    forward = [Guard(table, "forward", "UPDATE", back, because)]
    return forward if removed_elsewhere else [*forward, Guard(table, "forward", "DELETE", ALWAYS, because)]


def fixed(table: str, *columns: str) -> list[Guard]:
    """These columns keep the value they were born with."""
    differs = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
    return [Guard(table, "fixed", "UPDATE", differs, f"{table}: {', '.join(columns)} cannot change")]


def numbered_as_practice(table: str) -> list[Guard]:
    """A practice company numbers in ESSAI- series, and a real company never does."""
    mixed = (
        "NEW.number IS NOT NULL AND NEW.kind <> 'opening' AND (NEW.number LIKE 'ESSAI-%')"
        " IS DISTINCT FROM (SELECT practice FROM companies_company WHERE id = NEW.company_id)"
    )
    because = f"{table}: ESSAI- numbers are those of practice companies"
    return [Guard(table, "practice", event, mixed, because) for event in ("INSERT", "UPDATE")]


def accounts_of_their_world(table: str) -> list[Guard]:
    """A practice company connects test accounts only (simulated ones are tests), a real company live ones only."""
    mixed = (
        "(NEW.mode = 'live') IS DISTINCT FROM (SELECT NOT practice FROM companies_company WHERE id = NEW.company_id)"
    )
    because = f"{table}: live accounts are those of real companies"
    return [Guard(table, "practice", event, mixed, because) for event in ("INSERT", "UPDATE")]


def allocated_within(allocation: str, payment: str) -> list[Guard]:
    """What the allocations of a payment add up to never exceeds it, nor has the other sign."""
    allocated = f"(SELECT COALESCE(SUM(amount_minor), 0) FROM {allocation} WHERE payment_id = NEW.payment_id)"
    whole = f"(SELECT amount_minor FROM {payment} WHERE id = NEW.payment_id)"
    beyond = (
        f"({whole} > 0 AND {allocated} + NEW.amount_minor NOT BETWEEN 0 AND {whole})"
        f" OR ({whole} < 0 AND {allocated} + NEW.amount_minor NOT BETWEEN {whole} AND 0)"
    )
    return [Guard(allocation, "within", "INSERT", beyond, f"{allocation}: more than the payment")]


def credited_within(table: str) -> list[Guard]:
    """The credit notes issued for an invoice never add up to more than it, each column by itself."""
    beyond = " OR ".join(
        f"(SELECT COALESCE(SUM(c.{column}), 0) + NEW.{column} FROM {table} c"
        f" WHERE c.corrects_id = NEW.corrects_id AND c.status <> 'draft' AND c.id <> NEW.id)"
        f" > (SELECT i.{column} FROM {table} i WHERE i.id = NEW.corrects_id)"
        for column in ("net_minor", "vat_minor", "gross_minor")
    )
    refused = f"NEW.kind = 'credit_note' AND NEW.status <> 'draft' AND ({beyond})"
    because = f"{table}: more credited than invoiced"
    return [Guard(table, "credited", event, refused, because) for event in ("INSERT", "UPDATE")]


def deducted_within(table: str, deduction: str) -> list[Guard]:
    """What issued invoices deduct of a deposit and what its credit notes take back never exceed it; what is deducted is
    an issued deposit of the same customer. An invoice that was cancelled deducts nothing any more."""
    credited = (
        f"(SELECT COALESCE(SUM(c.gross_minor), 0) FROM {table} c WHERE c.corrects_id = p.id AND c.status <> 'draft'"
        " AND c.id <> NEW.id)"
    )

    def taken(invoice: str) -> str:
        return (
            f"(SELECT COALESCE(SUM(o.gross_minor), 0) FROM {deduction} o JOIN {table} f ON f.id = o.invoice_id"
            f" WHERE o.deposit_id = p.id AND ({invoice}f.status = 'issued'))"
        )

    deducting = (
        "OLD.status = 'draft' AND NEW.status = 'issued' AND EXISTS"
        f" (SELECT 1 FROM {deduction} d JOIN {table} p ON p.id = d.deposit_id WHERE d.invoice_id = NEW.id"
        " AND (p.kind <> 'deposit' OR p.status <> 'issued' OR NEW.kind <> 'invoice' OR p.company_id <> NEW.company_id"
        " OR p.customer_id IS DISTINCT FROM NEW.customer_id"
        f" OR {taken('f.id = NEW.id OR ')} + {credited} > p.gross_minor))"
    )
    crediting = (
        "NEW.kind = 'credit_note' AND NEW.status <> 'draft' AND EXISTS"
        f" (SELECT 1 FROM {table} p WHERE p.id = NEW.corrects_id AND p.kind = 'deposit'"
        f" AND {taken('')} + {credited} + NEW.gross_minor > p.gross_minor)"
    )
    because = f"{table}: more deducted or credited than the deposit"
    return [
        Guard(table, "deducted", "UPDATE", f"({deducting}) OR ({crediting})", because),
        Guard(table, "deducted", "INSERT", crediting, because),
        *frozen_with_parent(deduction, parent=table, key="invoice_id", when="status <> 'draft'"),
    ]


def invoiced_within(table: str) -> list[Guard]:
    """What is issued for a quote, credit notes taken off, never exceeds what was accepted of it, as its prices were
    typed; nothing is issued for a quote that was not accepted. Its deposits, which invoices to come deduct, are kept
    within it by themselves."""

    def beyond(column: str, kind: str = "invoice") -> str:
        return (
            f"NEW.{column} + (SELECT COALESCE(SUM(CASE i.kind WHEN 'credit_note'"
            f" THEN -i.{column} ELSE i.{column} END), 0)"
            f" FROM {table} i WHERE i.status <> 'draft' AND i.id <> NEW.id"
            f" AND ((i.quote_id = NEW.quote_id AND i.kind = '{kind}') OR i.corrects_id IN"
            f" (SELECT o.id FROM {table} o WHERE o.quote_id = NEW.quote_id AND o.kind = '{kind}'))) > d.{column}"
        )

    kept = (
        "EXISTS (SELECT 1 FROM invoicing_quotedecision d JOIN invoicing_quoteversion v ON v.id = d.version_id"
        " WHERE d.quote_id = NEW.quote_id AND d.outcome = 'accepted'"
        f" AND NOT (CASE WHEN NEW.kind = 'deposit' THEN {beyond('gross_minor', 'deposit')}"
        f" WHEN v.prices_include_vat THEN {beyond('gross_minor')} ELSE {beyond('net_minor')} END))"
    )
    refused = f"NEW.quote_id IS NOT NULL AND NEW.status <> 'draft' AND NOT {kept}"
    because = f"{table}: more invoiced than accepted"
    return [Guard(table, "accepted", event, refused, because) for event in ("INSERT", "UPDATE")]


def regime_of_what_was_issued(period: str, company: str, document: str) -> list[Guard]:
    """What was issued keeps the VAT regime of its day: a change is never edited, never dated before a document, and not
    taken back once one was issued under it; the regime of the beginnings is fixed with the first document."""
    issued = f"SELECT 1 FROM {document} WHERE status <> 'draft' AND kind <> 'credit_note'"
    because = f"{period}: a document was issued since"
    return [
        Guard(period, "kept", "UPDATE", ALWAYS, f"{period} is never edited"),
        *(
            Guard(
                period,
                "used",
                event,
                f"EXISTS ({issued} AND company_id = {row}.company_id AND issue_date >= {row}.since)",
                because,
            )
            for event, row in (("INSERT", "NEW"), ("DELETE", "OLD"))
        ),
        Guard(
            company,
            "regime",
            "UPDATE",
            "(NEW.vat_regime IS DISTINCT FROM OLD.vat_regime OR NEW.vat_on_debits IS DISTINCT FROM OLD.vat_on_debits)"
            f" AND EXISTS ({issued} AND company_id = OLD.id)",
            f"{company}: documents were issued under this VAT regime",
        ),
    ]


GUARDS: tuple[Guard, ...] = (
    *append_only("files_storedfile", erasable=True),  # the sweep deletes what nobody refers to
    *append_only("events_event"),
    *append_only("events_eventcontent", erasable=True),  # erasure of personal content
    *append_only("events_seal"),
    *fixed("companies_company", "practice"),
    *regime_of_what_was_issued("companies_vatregimeperiod", "companies_company", "invoicing_invoice"),
    *sealed_entries("ledger_entry", "ledger_entryline"),
    *never_back("ledger_entrychain", "position"),
    *frozen(
        "invoicing_invoice",
        when="OLD.status <> 'draft'",
        but=["status"],
        removable="OLD.kind = 'opening' AND NOT EXISTS (SELECT 1 FROM invoicing_settlement WHERE invoice_id = OLD.id)",
    ),
    Guard(
        "invoicing_invoice",
        "moves",
        "UPDATE",
        "OLD.status <> 'draft' AND NEW.status <> OLD.status"
        " AND NOT (OLD.status = 'issued' AND NEW.status = 'credited' AND OLD.kind <> 'credit_note')",
        "an issued invoice can only become credited",
    ),
    *fixed("invoicing_invoice", "kind", "corrects_id", "quote_id"),
    *deducted_within("invoicing_invoice", "invoicing_deduction"),
    *invoiced_within("invoicing_invoice"),
    *credited_within("invoicing_invoice"),
    *numbered_as_practice("invoicing_invoice"),
    *frozen_with_parent(
        "invoicing_invoiceline", parent="invoicing_invoice", key="invoice_id", when="status <> 'draft'"
    ),
    *fixed("invoicing_quote", "company_id"),
    *numbered_as_practice("invoicing_quote"),
    Guard(
        "invoicing_quote",
        "numbered",
        "UPDATE",
        "OLD.number IS NOT NULL AND (NEW.number IS DISTINCT FROM OLD.number OR NEW.series <> OLD.series"
        " OR NEW.customer_id IS DISTINCT FROM OLD.customer_id)",
        "invoicing_quote: a number and its customer are given once",
    ),
    Guard("invoicing_quote", "numbered", "DELETE", "OLD.number IS NOT NULL", "invoicing_quote: a number is kept"),
    Guard(
        "invoicing_quote",
        "moves",
        "UPDATE",
        "NEW.status <> OLD.status AND (OLD.status = 'cancelled' OR NEW.status = 'draft'"
        " OR (OLD.status = 'accepted' AND NEW.status <> 'cancelled')"
        " OR (NEW.status = 'accepted' AND NOT EXISTS (SELECT 1 FROM invoicing_quotedecision d"
        " WHERE d.quote_id = NEW.id AND d.version_id = NEW.offered_id AND d.outcome = 'accepted')))",
        "invoicing_quote: accepted once, by a decision about what is offered",
    ),
    *frozen("invoicing_quoteversion", when="OLD.hash <> ''"),
    *frozen_with_parent("invoicing_quoteline", parent="invoicing_quoteversion", key="version_id", when="hash <> ''"),
    *append_only("invoicing_quotedecision"),
    Guard(
        "invoicing_quotedecision",
        "version",
        "INSERT",
        "NOT EXISTS (SELECT 1 FROM invoicing_quoteversion v WHERE v.id = NEW.version_id"
        " AND v.quote_id = NEW.quote_id AND v.hash = NEW.version_hash AND v.hash <> '')",
        "invoicing_quotedecision: it is about a finalised version of its quote",
    ),
    *never_back("invoicing_numbersequence", "last_number", "last_date"),
    *append_only("invoicing_seriesformat"),
    *append_only("invoicing_seriesstart"),
    Guard(
        "invoicing_seriesstart",
        "first",
        "INSERT",
        "EXISTS (SELECT 1 FROM invoicing_invoice WHERE company_id = NEW.company_id AND series = NEW.series"
        " AND number IS NOT NULL)",
        "invoicing_seriesstart: the series has begun",
    ),
    *never_back("invoicing_documentchain", "position"),
    *frozen(
        "invoicing_settlement",
        but=[
            *("settled_minor", "pending_minor", "disputed_minor", "settled_at"),
<<<<<<< ours
            *("credited_minor", "credited_vat_on_receipts_minor", "deducted_minor", "delivered_vat_minor"),
||||||| base
            *("credited_minor", "credited_vat_on_receipts_minor"),
=======
            *("credited_minor", "credited_vat_on_receipts_minor", "due_date"),
>>>>>>> theirs
        ],
        # Of an invoice taken over to which nothing has happened.
        removable="OLD.settled_minor = 0 AND OLD.pending_minor = 0 AND OLD.disputed_minor = 0"
        " AND OLD.credited_minor = 0"
        " AND EXISTS (SELECT 1 FROM invoicing_invoice WHERE id = OLD.invoice_id AND kind = 'opening')",
    ),
    *never_back("invoicing_settlement", "credited_minor", removed_elsewhere=True),
    *frozen("invoicing_openingimport", but=["undone_at", "undone_by_id"]),
    Guard(
        "invoicing_openingimport",
        "undone",
        "UPDATE",
        "OLD.undone_at IS NOT NULL",
        "invoicing_openingimport: undone once",
    ),
    Guard(
        "invoicing_settlement",
        "due",
        "UPDATE",
        "NEW.due_date IS DISTINCT FROM OLD.due_date AND NOT EXISTS (SELECT 1 FROM invoicing_invoice"
        " WHERE id = NEW.invoice_id AND terms_kind = 'instalments')",
        "invoicing_settlement: the due date moves from one instalment to the next only",
    ),
<<<<<<< ours
    Guard(
        "invoicing_settlement",
        "deducted",
        "UPDATE",
        "NEW.deducted_minor <> OLD.deducted_minor"
        " AND NOT (NEW.deducted_minor = 0 AND NEW.credited_minor = NEW.gross_minor)",
        "invoicing_settlement: deposits are given back by an invoice that is cancelled",
    ),
    *never_back("invoicing_settlement", "credited_minor"),
||||||| base
    *never_back("invoicing_settlement", "credited_minor"),
=======
>>>>>>> theirs
    *fixed("payments_provideraccount", "company_id", "provider", "external_id", "mode"),
    *accounts_of_their_world("payments_provideraccount"),
    *fixed("payments_providerevent", "endpoint_id", "account_id", "company_id", "event_id", "object_id"),
    *frozen(
        "payments_paymentattempt",
        but=["state", "external_id", "method", "redirect_url", "failure", "ended_at"],
    ),
    *frozen("payments_attemptline", but=["open"]),
    *frozen("payments_payment", but=["fee_minor", "settled_minor", "settled_currency", "surplus_minor"]),
    Guard(
        "payments_payment",
        "fee",
        "UPDATE",
        "OLD.fee_minor IS NOT NULL AND NEW.fee_minor IS DISTINCT FROM OLD.fee_minor",
        "payments_payment: a fee is told once",
    ),
    *append_only("payments_allocation"),
    *allocated_within("payments_allocation", "payments_payment"),
    *frozen("payments_refund", but=["state", "failure", "external_id", "refunded_at", "refunded_on"]),
    Guard(
        "payments_refund",
        "told",
        "UPDATE",
        "OLD.external_id IS NOT NULL AND (NEW.external_id IS DISTINCT FROM OLD.external_id"
        " OR NEW.refunded_on IS DISTINCT FROM OLD.refunded_on)",
        "payments_refund: what the provider made is told once",
    ),
    *frozen(
        "payments_unmatchedpayment",
        but=["state", "reason", "refunded_minor", "payment_id", "decided_at", "decided_by_id"],
    ),
    *frozen(
        "payments_dispute",
        but=[
            *("state", "reason", "refundable", "evidence_due_at", "withdrawn_minor", "withdrawn_currency"),
            *("outcome", "outcome_at", "outcome_by_id", "lost_minor"),
        ],
    ),
    Guard(
        "payments_dispute",
        "outcome",
        "UPDATE",
        "OLD.outcome <> '' AND NEW.outcome <> OLD.outcome",
        "payments_dispute: the choice after a loss is made once",
    ),
    *append_only("payments_disputemove"),
    *frozen(
        "payments_payout",
        but=["state", "failure", "arrives_on", "gap_minor", "received_on", "received_by_id"],
    ),
    Guard(
        "payments_payout",
        "lines",
        "UPDATE",
        "OLD.gap_minor IS NOT NULL AND NEW.gap_minor IS DISTINCT FROM OLD.gap_minor",
        "payments_payout: its lines are told once",
    ),
    *frozen("payments_payoutline", but=["booked", "payment_id", "refund_id", "other_payout_id"]),
    *fixed("payments_difference", "company_id", "account_id", "source_id", "found_at"),
    *append_only("rendering_rendereddocument"),
<<<<<<< ours
    *fixed("delivery_portallink", "company_id", "invoice_id", "quote_id", "token_hash", "right"),
    *fixed("delivery_message", "company_id", "invoice_id", "quote_id", "message_id"),
||||||| base
    *fixed("delivery_portallink", "company_id", "invoice_id", "token_hash", "right"),
    *fixed("delivery_message", "company_id", "invoice_id", "message_id"),
=======
    *append_only("archives_closing"),
    *fixed("archives_signingkey", "company_id", "public_hex"),
    *fixed("delivery_portallink", "company_id", "invoice_id", "token_hash", "right"),
    *fixed("delivery_message", "company_id", "invoice_id", "message_id"),
>>>>>>> theirs
    *fixed("delivery_alert", "company_id", "event_id", "user_id", "message_id"),
)
