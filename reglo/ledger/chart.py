"""The usual account of each role (plan comptable général), proposed to every company."""

from datetime import date

from reglo.ledger.states import AccountRole as R

# Before any document: an account of the default chart answers for every date.
FROM_THE_START = date(2000, 1, 1)

DEFAULT_CHART: dict[R, tuple[str, str]] = {
    R.RECEIVABLE: ("411000", "Clients"),
    R.SURPLUS: ("419100", "Clients – avances et acomptes reçus"),
    R.DEPOSITS: ("419110", "Clients – acomptes facturés"),
    R.SALES_SERVICES: ("706000", "Prestations de services"),
    R.SALES_GOODS: ("707000", "Ventes de marchandises"),
    R.VAT_COLLECTED: ("445710", "TVA collectée"),
    R.VAT_AWAITING: ("445740", "TVA collectée en attente d’encaissement"),
    R.VAT_OSS: ("445715", "TVA collectée – guichet OSS"),
    R.STRIPE_CLEARING: ("517100", "Stripe – fonds à recevoir"),
    R.BANK: ("512000", "Banque"),
    R.CASH: ("530000", "Caisse"),
    R.CHEQUES: ("511200", "Chèques à encaisser"),
    R.CARD_TERMINAL: ("511500", "Cartes bancaires à encaisser"),
    R.PAYMENT_FEES: ("627800", "Frais sur moyens de paiement"),
    R.DISPUTED: ("467100", "Stripe – paiements contestés"),
    R.BAD_DEBTS: ("654000", "Pertes sur créances irrécouvrables"),
    R.OPENING: ("890000", "Bilan d’ouverture"),
    R.UNEXPLAINED: ("471000", "Compte d’attente"),
}
