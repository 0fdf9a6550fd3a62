"""The story of a quote in sentences: « Envoyé à claire@… », « Accepté en ligne par Claire Fontaine, 1 240,00 € »."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reglo.dashboard.refund_sentences import Sentence
from reglo.events.kinds import Kind
from reglo.events.models import Event
from reglo.events.queries import content_of, timeline
from reglo.invoicing.models import Quote
from reglo.invoicing.states import DecisionChannel
from reglo.money import Money
from reglo.ui import formats


def quote_story(quote: Quote) -> list[Sentence]:
    """What happened to the quote, latest first."""
    sentences = (_sentence(event) for event in timeline(company_id=quote.company_id, subject=quote))
    return [sentence for sentence in sentences if sentence][::-1]


def _sentence(event: Event) -> Sentence | None:
    told, at = content_of(event), event.occurred_at
    words = {
        "number": told.get("number", ""),
        "version": told.get("version", 1),
        "to": told.get("to", ""),
        "reason": told.get("reason", ""),
        "who": _(" par %s") % event.actor if event.actor else "",
        "amount": _amount(told),
    }
    match Kind(event.kind):
        case Kind.QUOTE_ISSUED if told.get("version", 1) == 1:
            return Sentence(_("Finalisé sous le numéro %(number)s%(who)s, %(amount)s") % words, at)
        case Kind.QUOTE_ISSUED:
            return Sentence(_("Version %(version)s finalisée%(who)s, %(amount)s") % words, at)
        case Kind.QUOTE_ACCEPTED:
            text = _("Accepté %(how)s%(by)s, %(amount)s") % {**words, **_answer(told)}
            return Sentence(text, at, "arrived")
        case Kind.QUOTE_REFUSED:
            text = _("Refusé %(how)s%(by)s") % _answer(told)
            return Sentence(f"{text} : {words['reason']}" if words["reason"] else text, at, "attention")
        case Kind.QUOTE_CANCELLED:
            return Sentence(_("Annulé%(who)s") % words, at, "attention")
        case Kind.QUOTE_INVOICED:
            return Sentence(_("Brouillon de facture préparé%(who)s, %(amount)s") % words, at)
        case Kind.MESSAGE_SENT:
            return Sentence(_("Envoyé à %(to)s") % words, at)
        case Kind.MESSAGE_FAILED:
            return Sentence(_("L’e-mail à %(to)s n’est pas parti. %(reason)s") % words, at, "failed")
        case Kind.LINK_OPENED:
            return Sentence(_("Lien consulté"), at)
        case Kind.LINK_REVOKED:
            return Sentence(_("Lien révoqué"), at, "attention")
        case _:
            return None


def _answer(told: Mapping[str, Any]) -> dict[str, str]:
    """« en ligne », « par Claire Fontaine »; what was erased is left out."""
    name = told.get("name", "")
    known = told.get("channel") in DecisionChannel.values
    return {
        "how": str(DecisionChannel(told["channel"]).label) if known else "",
        "by": _(" par %s") % name if name else "",
    }


def _amount(told: Mapping[str, Any]) -> str:
    money = Money(int(told.get("gross_minor", 0)), told.get("currency", "EUR"))
    return formats.amount(money, language=get_language() or "fr")
