"""The addresses of the customer portal, under `/p/`. Each view declares who may call it (`doors.py`)."""

from django.urls import path

from reglo.portal.views import come_back, invoice, open_link, papers, pay, quote, verification

app_name = "portal"

urlpatterns = [
    path("l/<str:token>", open_link.link, name="open_link"),
    path("factures/<uuid:public_id>", invoice.invoice, name="invoice"),
    path("factures/<uuid:public_id>/vue", invoice.seen, name="seen"),
    path("factures/<uuid:public_id>/payer", pay.pay, name="pay"),
    path("factures/<uuid:public_id>/paiement", pay.forward, name="forward"),
    path("factures/<uuid:public_id>/facture.pdf", papers.invoice_paper, name="invoice_paper"),
    path(
        "factures/<uuid:public_id>/avoir/<int:credit_note_id>.pdf", papers.credit_note_paper, name="credit_note_paper"
    ),
    path("factures/<uuid:public_id>/recu/<uuid:payment_id>.pdf", papers.receipt_paper, name="receipt_paper"),
    path("factures/<uuid:public_id>/duplicata.pdf", papers.duplicate_paper, name="duplicate_paper"),
    path("devis/<uuid:public_id>", quote.quote, name="quote"),
    path("devis/<uuid:public_id>/vue", quote.seen, name="quote_seen"),
    path("devis/<uuid:public_id>/total", quote.sums, name="quote_sums"),
    path("devis/<uuid:public_id>/accepter", quote.accept, name="quote_accept"),
    path("devis/<uuid:public_id>/refuser", quote.refuse, name="quote_refuse"),
    path("devis/<uuid:public_id>/devis.pdf", quote.paper, name="quote_paper"),
    path("retour/<str:token>", come_back.come_back, name="come_back"),
    path("retour/<str:token>/abandon", come_back.gave_up, name="gave_up"),
    path("verifier", verification.verification, name="verification"),
]
