"""The addresses of quotes."""

from django.urls import path

from reglo.dashboard.views import (
    customer_choice,
    deposits,
    quote,
    quote_answer,
    quote_editor,
    quote_invoicing,
    quote_issue,
    quote_pages,
    quote_sharing,
    quotes,
)

urlpatterns = [
    path("devis/", quotes.quotes, name="quotes"),
    path("devis/nouveau/", quote_editor.begin, name="quote_new"),
    path("devis/<int:quote_id>/", quote.quote, name="quote"),
    path("devis/<int:quote_id>/modifier/", quote_editor.edit, name="quote_edit"),
    path("devis/<int:quote_id>/client/", customer_choice.for_quote, name="quote_customer"),
    path("devis/<int:quote_id>/supprimer/", quote_editor.discard, name="quote_discard"),
    path("devis/<int:quote_id>/retablir/", quote_editor.restore, name="quote_restore"),
    path("devis/<int:quote_id>/version/", quote_editor.revise, name="quote_revise"),
    path("devis/<int:quote_id>/version/abandonner/", quote_editor.drop, name="quote_drop_revision"),
    path("devis/<int:quote_id>/controle/", quote_issue.check, name="quote_check"),
    path("devis/<int:quote_id>/finaliser/", quote_issue.issue, name="quote_issue"),
    path("devis/<int:quote_id>/apercu/", quote_pages.preview, name="quote_preview"),
    path("devis/<int:quote_id>/apercu/pages/", quote_pages.preview_pages, name="quote_preview_pages"),
    path("devis/<int:quote_id>/apercu/<int:number>.png", quote_pages.page, name="quote_page"),
    path("devis/<int:quote_id>/devis.pdf", quote_pages.pdf, name="quote_pdf"),
    path("devis/<int:quote_id>/envoyer/", quote_sharing.send, name="quote_send"),
    path("devis/<int:quote_id>/envoyer/apercu/", quote_sharing.mail_preview, name="quote_mail_preview"),
    path("devis/<int:quote_id>/lien/", quote_sharing.link, name="quote_link"),
    path("devis/<int:quote_id>/liens/<uuid:link_id>/revoquer/", quote_sharing.revoke, name="quote_link_revoke"),
    path("devis/<int:quote_id>/reponse/", quote_answer.answer, name="quote_answer"),
    path("devis/<int:quote_id>/annuler/", quote.cancel, name="quote_cancel"),
    path("devis/<int:quote_id>/dupliquer/", quote.duplicate, name="quote_duplicate"),
    path("devis/<int:quote_id>/facturer/", quote_invoicing.new, name="quote_invoice"),
    path("devis/<int:quote_id>/acompte/", deposits.of_quote, name="quote_deposit"),
    path("devis/<int:quote_id>/situation/", deposits.situation, name="quote_situation"),
]
