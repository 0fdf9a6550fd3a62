"""How documents are paid on line: whether, up to how much, and what follows a refund."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reglo.companies.models import Company
from reglo.dashboard.forms.company import CompanyForm
from reglo.dashboard.forms.figures import AmountField
from reglo.money import Money
from reglo.payments.states import OfferedMethods


class DocumentsForm(CompanyForm):
    card_limit = AmountField(
        label=_("Proposer la carte jusqu’à"),
        required=False,
        help_text=_("Au-delà, la facture propose le virement. Vide : sans limite. Modifiable sur chaque facture."),
    )

    class Meta:
        model = Company
        fields = ("card_payments", "partial_payments", "refund_policy")
        widgets = {
            "card_payments": forms.CheckboxInput(attrs={"role": "switch"}),
            "partial_payments": forms.CheckboxInput(attrs={"role": "switch"}),
            "refund_policy": forms.RadioSelect,
        }
        labels = {
            "card_payments": _("Accepter le paiement par carte"),
            "partial_payments": _("Autoriser le paiement en plusieurs fois"),
        }
        help_texts = {
            "card_payments": _("Vos clients paient en ligne, par le lien sécurisé reçu par e-mail."),
            "partial_payments": _("Proposé sur chaque nouvelle facture : le client choisit le montant qu’il paie."),
            "refund_policy": _(
                "Un remboursement fait chez Stripe rend la facture à payer : l’avoir du même montant éteint la dette."
            ),
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["refund_policy"].required = False  # untold: as it was
        limit = self.instance.card_limit_minor
        self.initial["card_limit"] = None if limit is None else Money(limit, self.instance.currency)

    @property
    def changes(self) -> dict[str, Any]:
        limit: Money | None = self.cleaned_data["card_limit"]
        return {
            **super().changes,
            "card_limit_minor": None if limit is None else limit.minor,
            "refund_policy": self.cleaned_data["refund_policy"] or self.instance.refund_policy,
        }


class MethodsForm(forms.Form):
    """What payers may choose from; a setting of the account."""

    offers = forms.ChoiceField(
        label=_("Vos clients paient"),
        choices=OfferedMethods.choices,
        widget=forms.RadioSelect,
        help_text=_(
            "Un prélèvement coûte moins cher qu’une carte, mais l’argent met environ cinq jours ouvrés à arriver, et "
            "la banque de votre client peut le refuser, puis le reprendre pendant huit semaines."
        ),
        error_messages={"required": _("Choisissez."), "invalid_choice": _("Choisissez.")},
    )


class Unechoed(forms.TextInput):
    """A secret that was typed is never sent back in a page."""

    def format_value(self, value: Any) -> None:
        return None


class StripeKeyForm(forms.Form):
    key = forms.CharField(
        label=_("Clé restreinte"),
        max_length=300,
        help_text=_("Elle commence par rk_. Nous la gardons chiffrée, et ne l’affichons plus jamais."),
        error_messages={"required": _("Collez la clé que Stripe vous a montrée.")},
        widget=Unechoed(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
    )
