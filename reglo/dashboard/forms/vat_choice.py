"""The VAT of a line or of an article, chosen in words: a rate, or why there is none."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from reglo.catalog.vat_rates import rates_on
from reglo.catalog.vat_territories import territory_of_company
from reglo.catalog.vat_treatments import CHOSEN, NO_VAT_TERRITORY, OSS, Treatment, VatCategory, treatment_of
from reglo.companies.models import Company
from reglo.companies.states import Territory
from reglo.dashboard.forms.figures import chosen_rate
from reglo.invoicing.content import plain
from reglo.invoicing.line_vat import LineVat, VatLine, taxed_at, treated_as
from reglo.ui import formats

Choices = list[tuple[str, list[tuple[str, str]]]]
NO_SUCH_RATE = _lazy("Ce taux de TVA n’existe pas à cette date.")


def vat_choices(company: Company, *, day: date) -> Choices:
    """The rates of the company's territory on `day`, then what is not taxed, by family."""
    territory, language = territory_of_company(company), get_language() or "fr"
    rates = [(plain(rate), formats.rate(rate, language=language)) for rate in rates_on(day, territory)]
    families: Choices = [(_("Taux de TVA"), rates)] if rates else []
    across = [one for one in CHOSEN if one.category != VatCategory.EXEMPT and _is_offered(one, company, territory)]
    families.append((_("Autre pays, autre redevable"), _named(across)))
    families.append((_("Exonéré"), _named([one for one in CHOSEN if one.category == VatCategory.EXEMPT])))
    return families


def token_of(vat: LineVat) -> str:
    """How a choice is posted: "20", or the key of a treatment."""
    return vat.exemption or plain(vat.rate)


def token_of_line(line: VatLine) -> str:
    """Of what is stored; empty where nothing was chosen and there is no rate."""
    if not line.vat_category and not line.vat_rate:
        return ""
    return line.exemption or plain(line.vat_rate)


def chosen_vat(token: str) -> LineVat:
    """Raises ValueError, as forms expect."""
    return treated_as(token) if treatment_of(token) else taxed_at(chosen_rate(token))


class VatField(forms.TypedChoiceField):
    """A select whose value is a `LineVat`. What is stored and no longer offered stays among its choices."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            **{
                "label": _lazy("TVA"),
                "coerce": chosen_vat,
                "error_messages": {
                    "invalid_choice": NO_SUCH_RATE,
                    "required": _lazy("Choisissez la TVA de cette ligne."),
                },
                **options,
            }
        )

    def offer(self, choices: Choices, *, kept: str = "") -> None:
        known = {token for _family, of_family in choices for token, _words in of_family}
        treatment = treatment_of(kept)
        self.choices = [*choices, ("…", _named([treatment]))] if treatment and kept not in known else choices


def _is_offered(treatment: Treatment, company: Company, territory: Territory) -> bool:
    if treatment.key == OSS:
        return company.oss
    return treatment.key != NO_VAT_TERRITORY or territory == Territory.WITHOUT_VAT


def _named(treatments: list[Treatment]) -> list[tuple[str, str]]:
    return [(one.key, str(one.words)) for one in treatments]
