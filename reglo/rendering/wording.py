"""The words printed on a document, one set per language of its reader.

A legal document keeps its words whatever the screen's translations become, so they live here, not in a catalogue.
Legal mentions are not here: they are dated data and arrive with the document.
"""

from dataclasses import dataclass

from reglo.companies.states import TermsKind
from reglo.payments.states import Method
from reglo.rendering.document import Kind, Nature, Option, PriceMode, Watermark


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    kinds: dict[Kind, str]
    receipt: str
    number: str
    issued_on: str
    due_on: str
    first_due_on: str
    attention: str  # %(name)s
    valid_until: str
    supplied_on: dict[Nature | None, str]
    subject: str
    corrects: str  # %(number)s %(day)s
    reason: str
    purchase_order: str
    delivery_address: str
    customer_siren: str
    customer_vat_number: str
    vat_number: str
    description: str
    quantity: str
    unit_price: dict[PriceMode, str]
    discount: str
    discount_at: str  # %(rate)s
    subtotal: str
    vat: str
    amount: dict[PriceMode, str]
    before_discount: dict[PriceMode, str]
    total_net: str
    total_gross: str
    vat_at: str  # %(rate)s
    vat_at_on: str  # %(rate)s %(net)s
    already_paid: str
    situation: str  # %(number)s
    deposit_vat: str  # %(rate)s
    vat_still_due: str  # %(rate)s
    deducted_deposit: str  # %(number)s %(day)s
    deposits_in_all: str
    released_deposit: str  # %(number)s %(day)s
    to_pay: dict[Kind, str]
    total_to_pay: str
    pay_online: str
    pay_online_how: str  # %(number)s %(amount)s
    pay_online_code: str
    transfer: str
    transfer_code: str
    holder: str
    reference: str
    terms: str
    counted: dict[tuple[TermsKind, bool], str]  # by kind, and whether there are days; %(days)s
    instalment: str
    instalment_day: str
    instalment_amount: str
    ranks: tuple[str, str]  # the first, then any other: %(rank)s
    carry_forward: str
    brought_forward: str
    amount_asked: str
    first_instalment: str
    notes: str
    continued: str  # %(title)s
    watermarks: dict[Watermark, str]
    acquitted: str  # %(how)s
    paid_by: dict[Method, str]
    paid_on: str
    received: str
    received_how: str  # %(how)s %(payer)s
    settled_document: str
    settled_amount: str
    surplus: str
    work_place: str
    version: str
    version_how: str  # %(version)s
    options: dict[Option, str]
    options_apart: str
    quote_terms: str
    quote_free: str
    quote_fee: str  # %(amount)s
    deposit: str  # %(amount)s
    deposit_part: str  # %(rate)s %(amount)s
    agreed: str
    agreed_by_hand: str
    agreed_how: str  # %(day)s %(how)s
    logo: str  # %(name)s


FRENCH = Wording(
    kinds={
        Kind.INVOICE: "Facture",
        Kind.DEPOSIT: "Facture d’acompte",
        Kind.CREDIT_NOTE: "Avoir",
        Kind.QUOTE: "Devis",
    },
    receipt="Reçu",
    number="n°",
    issued_on="Date d’émission",
    due_on="Échéance",
    first_due_on="1re échéance",
    attention="À l’attention de %(name)s",
    valid_until="Valable jusqu’au",
    supplied_on={
        None: "Date de réalisation",
        Nature.GOODS: "Date de livraison",
        Nature.SERVICES: "Date de prestation",
        Nature.BOTH: "Date de réalisation",
    },
    subject="Objet",
    corrects="Avoir sur la facture %(number)s du %(day)s",
    reason="Motif de l’avoir",
    purchase_order="Votre commande",
    delivery_address="Adresse de livraison",
    customer_siren="Votre SIREN",
    customer_vat_number="Votre n° de TVA",
    vat_number="TVA",
    description="Désignation",
    quantity="Quantité",
    unit_price={
        PriceMode.NET: "Prix unitaire HT",
        PriceMode.GROSS: "Prix unitaire TTC",
        PriceMode.FRANCHISE: "Prix unitaire",
    },
    discount="Remise",
    discount_at="Remise %(rate)s",
    subtotal="Sous-total",
    vat="TVA",
    amount={PriceMode.NET: "Montant HT", PriceMode.GROSS: "Montant TTC", PriceMode.FRANCHISE: "Montant"},
    before_discount={
        PriceMode.NET: "Total HT avant remise",
        PriceMode.GROSS: "Total TTC avant remise",
        PriceMode.FRANCHISE: "Total avant remise",
    },
    total_net="Total HT",
    total_gross="Total TTC",
    vat_at="TVA %(rate)s",
    vat_at_on="TVA %(rate)s sur %(net)s",
    already_paid="Déjà réglé",
    situation="Facture de situation n° %(number)s",
    deposit_vat="TVA %(rate)s déjà facturée par acompte",
    vat_still_due="TVA %(rate)s restant due",
    deducted_deposit="Acompte %(number)s du %(day)s",
    deposits_in_all="Acomptes déjà facturés",
    released_deposit="Acompte %(number)s du %(day)s, qui reste facturé",
    to_pay={
        Kind.INVOICE: "Net à payer",
        Kind.DEPOSIT: "Net à payer",
        Kind.CREDIT_NOTE: "Total à déduire ou à rembourser",
        Kind.QUOTE: "Total du devis",
    },
    total_to_pay="Total à payer",
    pay_online="Payer en ligne",
    pay_online_how="Indiquez le numéro %(number)s et le montant %(amount)s.",
    pay_online_code="QR code de la page de paiement %(url)s",
    transfer="Payer par virement",
    transfer_code="QR code du virement, à lire avec votre application bancaire",
    holder="Titulaire",
    reference="Référence",
    terms="Conditions de paiement",
    counted={
        (TermsKind.DAYS_END_OF_MONTH, True): (
            "Paiement à %(days)s jours fin de mois\u00a0: %(days)s jours après l’émission, puis la fin du mois."
        ),
        (TermsKind.END_OF_MONTH_DAYS, True): (
            "Paiement à %(days)s jours fin de mois\u00a0: la fin du mois d’émission, puis %(days)s jours."
        ),
        (TermsKind.DAYS_END_OF_MONTH, False): "Paiement à la fin du mois d’émission.",
        (TermsKind.END_OF_MONTH_DAYS, False): "Paiement à la fin du mois d’émission.",
    },
    instalment="Échéance",
    instalment_day="À régler avant le",
    instalment_amount="Montant",
    ranks=("1re", "%(rank)se"),
    carry_forward="À reporter",
    brought_forward="Report",
    amount_asked="Montant",
    first_instalment="1re échéance",
    notes="Autres mentions",
    continued="%(title)s (suite)",
    watermarks={Watermark.NONE: "", Watermark.DRAFT: "BROUILLON", Watermark.SPECIMEN: "SPÉCIMEN"},
    acquitted="Duplicata – Acquittée le %(how)s",
    paid_by={
        Method.CARD: "par carte",
        Method.SEPA_DEBIT: "par prélèvement",
        Method.TRANSFER: "par virement",
        Method.CHEQUE: "par chèque",
        Method.CASH: "en espèces",
        Method.CARD_TERMINAL: "par carte",
        Method.OTHER: "",
    },
    paid_on="Date du paiement",
    received="Montant reçu",
    received_how="Reçu le %(how)s de %(payer)s.",
    settled_document="Ce paiement règle",
    settled_amount="Montant réglé",
    surplus="Trop-perçu",
    work_place="Lieu d’exécution",
    version="Version",
    version_how="%(version)s, remplace la précédente",
    options={Option.OFFERED: "En option : ", Option.TAKEN: "Option retenue : ", Option.LEFT: "Option non retenue : "},
    options_apart="Les options ne sont pas comprises dans le total.",
    quote_terms="Conditions du devis",
    quote_free="Devis gratuit.",
    quote_fee="Devis payant : %(amount)s.",
    deposit="Acompte à la commande : %(amount)s.",
    deposit_part="Acompte à la commande : %(rate)s du total, soit %(amount)s.",
    agreed="Bon pour accord",
    agreed_by_hand="Date, nom et signature",
    agreed_how="Accepté le %(day)s, %(how)s",
    logo="Logo de %(name)s",
)

ENGLISH = Wording(
    kinds={
        Kind.INVOICE: "Invoice",
        Kind.DEPOSIT: "Deposit invoice",
        Kind.CREDIT_NOTE: "Credit note",
        Kind.QUOTE: "Quote",
    },
    receipt="Receipt",
    number="No.",
    issued_on="Issue date",
    due_on="Due date",
    first_due_on="First payment due",
    attention="Attn: %(name)s",
    valid_until="Valid until",
    supplied_on={
        None: "Supply date",
        Nature.GOODS: "Delivery date",
        Nature.SERVICES: "Service date",
        Nature.BOTH: "Supply date",
    },
    subject="Subject",
    corrects="Credit note for invoice %(number)s of %(day)s",
    reason="Reason",
    purchase_order="Your order",
    delivery_address="Delivery address",
    customer_siren="Your SIREN",
    customer_vat_number="Your VAT number",
    vat_number="VAT",
    description="Description",
    quantity="Quantity",
    unit_price={
        PriceMode.NET: "Unit price excl. VAT",
        PriceMode.GROSS: "Unit price incl. VAT",
        PriceMode.FRANCHISE: "Unit price",
    },
    discount="Discount",
    discount_at="Discount %(rate)s",
    subtotal="Subtotal",
    vat="VAT",
    amount={
        PriceMode.NET: "Amount excl. VAT",
        PriceMode.GROSS: "Amount incl. VAT",
        PriceMode.FRANCHISE: "Amount",
    },
    before_discount={
        PriceMode.NET: "Total excl. VAT before discount",
        PriceMode.GROSS: "Total incl. VAT before discount",
        PriceMode.FRANCHISE: "Total before discount",
    },
    total_net="Total excl. VAT",
    total_gross="Total incl. VAT",
    vat_at="VAT %(rate)s",
    vat_at_on="VAT %(rate)s on %(net)s",
    already_paid="Already paid",
    situation="Progress invoice no. %(number)s",
    deposit_vat="VAT %(rate)s already invoiced by deposit",
    vat_still_due="VAT %(rate)s still due",
    deducted_deposit="Deposit %(number)s of %(day)s",
    deposits_in_all="Deposits already invoiced",
    released_deposit="Deposit %(number)s of %(day)s, which stays invoiced",
    to_pay={
        Kind.INVOICE: "Amount due",
        Kind.DEPOSIT: "Amount due",
        Kind.CREDIT_NOTE: "Total to deduct or refund",
        Kind.QUOTE: "Quote total",
    },
    total_to_pay="Total to pay",
    pay_online="Pay online",
    pay_online_how="Enter the number %(number)s and the amount %(amount)s.",
    pay_online_code="QR code of the payment page %(url)s",
    transfer="Pay by bank transfer",
    transfer_code="QR code of the transfer, to scan with your banking app",
    holder="Account holder",
    reference="Reference",
    terms="Payment terms",
    counted={
        (TermsKind.DAYS_END_OF_MONTH, True): (
            "Payment %(days)s days end of month: %(days)s days after the issue date, then the end of that month."
        ),
        (TermsKind.END_OF_MONTH_DAYS, True): (
            "Payment %(days)s days end of month: the end of the month of issue, then %(days)s days."
        ),
        (TermsKind.DAYS_END_OF_MONTH, False): "Payment at the end of the month of issue.",
        (TermsKind.END_OF_MONTH_DAYS, False): "Payment at the end of the month of issue.",
    },
    instalment="Instalment",
    instalment_day="Due by",
    instalment_amount="Amount",
    ranks=("1", "%(rank)s"),
    carry_forward="Carried forward",
    brought_forward="Brought forward",
    amount_asked="Amount",
    first_instalment="first instalment",
    notes="Notes",
    continued="%(title)s (continued)",
    watermarks={Watermark.NONE: "", Watermark.DRAFT: "DRAFT", Watermark.SPECIMEN: "SPECIMEN"},
    acquitted="Duplicate – Paid on %(how)s",
    paid_by={
        Method.CARD: "by card",
        Method.SEPA_DEBIT: "by direct debit",
        Method.TRANSFER: "by bank transfer",
        Method.CHEQUE: "by cheque",
        Method.CASH: "in cash",
        Method.CARD_TERMINAL: "by card",
        Method.OTHER: "",
    },
    paid_on="Payment date",
    received="Amount received",
    received_how="Received on %(how)s from %(payer)s.",
    settled_document="This payment settles",
    settled_amount="Amount paid",
    surplus="Overpayment",
    work_place="Place of work",
    version="Version",
    version_how="%(version)s, replaces the one before",
    options={Option.OFFERED: "Option: ", Option.TAKEN: "Option taken: ", Option.LEFT: "Option not taken: "},
    options_apart="Options are not included in the total.",
    quote_terms="Terms of the quote",
    quote_free="This quote is free.",
    quote_fee="This quote costs %(amount)s.",
    deposit="Deposit with the order: %(amount)s.",
    deposit_part="Deposit with the order: %(rate)s of the total, %(amount)s.",
    agreed="Agreed",
    agreed_by_hand="Date, name and signature",
    agreed_how="Accepted on %(day)s, %(how)s",
    logo="Logo of %(name)s",
)

WORDINGS = {"fr": FRENCH, "en": ENGLISH}
