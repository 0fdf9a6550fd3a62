"""Each row of the table of mentions, printed where its predicate holds and nowhere else."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from reglo.catalog.vat_treatments import TREATMENTS
from reglo.companies.models import Company
from reglo.companies.states import Nature
from reglo.customers.models import Customer, CustomerKind
from reglo.invoicing.line_vat import LineVat, taxed_at, treated_as
from reglo.invoicing.mentions import MENTIONS, PREDICATES, Mention, Operation, mentions_of
from reglo.invoicing.states import DocumentKind

TODAY = date(2026, 11, 22)
PLAIN = Operation(
    kind=DocumentKind.INVOICE,
    company=Company(name="Atelier Lumen"),
    customer=Customer(name="Claire Fontaine", kind=CustomerKind.PROFESSIONAL, country="FR"),
    vats=(taxed_at(Decimal(20)),),
    natures=(Nature.SERVICES,),
    charges_vat=True,
    on_debits=False,
    exemption_reason="",
    day=TODAY,
)
CONSUMER = Customer(name="Chloé Bernard", kind=CustomerKind.CONSUMER, country="FR")


def by(**fields: Any) -> Operation:
    return replace(PLAIN, company=Company(name="Atelier Lumen", **fields))


def works(rate: str) -> Operation:
    return replace(by(trades="building"), vats=(taxed_at(Decimal(rate)),))


# For each row: an operation where it is printed, what it then says (None: its own text), and one where it is not.
Row = tuple[Operation, str | None, Operation]
ROWS: dict[str, Row] = {
    **{
        f"vat_{one.key}": (replace(PLAIN, vats=(treated_as(one.key),)), None, PLAIN)
        for one in TREATMENTS
        if one.key not in {"other", "oss"}
    },
    "vat_other": (
        replace(PLAIN, vats=(treated_as("other"),), exemption_reason="Art. 261 B du CGI"),
        "Art. 261 B du CGI",
        replace(PLAIN, exemption_reason="Art. 261 B du CGI"),
    ),
    "vat_oss": (replace(PLAIN, vats=(LineVat("S", Decimal(21), "oss"),)), None, PLAIN),
    "services": (PLAIN, None, replace(PLAIN, natures=(Nature.GOODS,))),
    "goods": (replace(PLAIN, natures=(Nature.GOODS,)), None, PLAIN),
    "goods_and_services": (
        replace(PLAIN, vats=PLAIN.vats * 2, natures=(Nature.SERVICES, Nature.GOODS)),
        None,
        PLAIN,
    ),
    "debits": (replace(PLAIN, on_debits=True), None, replace(PLAIN, on_debits=True, charges_vat=False)),
    "works_10": (works("10"), "Claire Fontaine certifie", works("20")),
    "works_5_5": (works("5.5"), "travaux de rénovation énergétique.", replace(PLAIN, vats=(taxed_at(Decimal("5.5")),))),
    "usual_penalty": (PLAIN, None, by(late_penalty_rate=Decimal("12.50"))),
    "own_penalty": (by(late_penalty_rate=Decimal("12.50")), "Pénalités de retard : 12,5 % par an", PLAIN),
    "recovery": (PLAIN, None, replace(PLAIN, customer=CONSUMER)),
    "no_discount": (PLAIN, None, by(early_discount="2 % sous 8 jours")),
    "early_discount": (
        by(early_discount="2 % sous 8 jours"),
        "Escompte pour paiement anticipé : 2 % sous 8 jours",
        replace(by(early_discount="2 % sous 8 jours"), customer=CONSUMER),
    ),
    "granted_discount": (
        replace(PLAIN, discount="Escompte de 2 % sous 10 jours"),
        "Escompte de 2 % sous 10 jours",
        PLAIN,
    ),
    "mediator": (
        replace(by(mediator="CNPM"), customer=CONSUMER),
        "Médiateur de la consommation : CNPM",
        by(mediator="CNPM"),
    ),
    "insurance": (
        by(insurance="Mutuelle"),
        "Assurance professionnelle : Mutuelle",
        by(insurance="Mutuelle", insurance_cover="France"),
    ),
    "insurance_and_cover": (
        by(insurance="Mutuelle", insurance_cover="France"),
        "Assurance professionnelle : Mutuelle, couverture géographique : France",
        by(insurance_cover="France"),
    ),
    "rge": (by(rge="Qualibat 8611", trades="building"), "Qualification RGE : Qualibat 8611", by(rge="Qualibat 8611")),
}


def in_force(mention: Mention, day: date) -> bool:
    return mention.since <= day and (mention.until is None or day < mention.until)


def test_every_row_is_tried_here():
    assert {mention.key for mention in MENTIONS} == set(ROWS)
    assert {mention.when for mention in MENTIONS} == set(PREDICATES)


@pytest.mark.parametrize("mention", MENTIONS, ids=lambda mention: f"{mention.key}-{mention.since}")
def test_a_row_is_printed_where_it_holds_and_only_there(mention: Mention):
    where, says, elsewhere = ROWS[mention.key]
    day = mention.since if mention.until else max(mention.since, TODAY)
    current = in_force(mention, TODAY)
    expected = says if says and current else mention.text

    printed = mentions_of(replace(where, day=day))
    not_printed = mentions_of(replace(elsewhere, day=day))

    whole = not mention.key.startswith("works_")  # whose table above has the telling part only
    assert expected in printed if whole else any(expected in text for text in printed)
    assert expected not in not_printed if whole else not any(expected in text for text in not_printed)


@pytest.mark.parametrize("mention", MENTIONS, ids=lambda mention: f"{mention.key}-{mention.since}")
def test_a_row_says_its_source_and_is_gone_after_its_day(mention: Mention):
    where, _says, _elsewhere = ROWS[mention.key]

    assert mention.source
    if mention.until:
        after = mentions_of(replace(where, day=mention.until))
        last_day = mentions_of(replace(where, day=mention.until - timedelta(days=1)))
        later = next(other for other in MENTIONS if other.key == mention.key and other.since == mention.until)
        assert mention.text in " ".join(last_day)
        assert later.text == mention.text or mention.text not in " ".join(after)


def test_a_customer_abroad_reads_the_english_beside_the_french():
    german = Customer(name="Berg GmbH", country="DE", kind=CustomerKind.PROFESSIONAL)
    operation = replace(PLAIN, vats=(treated_as("reverse_eu_services"),))

    at_home, abroad = mentions_of(operation)[0], mentions_of(replace(operation, customer=german))[0]

    assert at_home == "Autoliquidation, art. 259, 1° du CGI et art. 196 de la directive 2006/112/CE"
    assert abroad == f"{at_home} / Reverse charge, article 196 of Directive 2006/112/EC"


def test_a_credit_note_says_what_was_sold_and_why_there_is_no_vat():
    company = Company(name="Atelier Lumen", insurance="Mutuelle", early_discount="2 %", mediator="CNPM")
    note = replace(
        PLAIN, kind=DocumentKind.CREDIT_NOTE, company=company, vats=(treated_as("training"),), on_debits=True
    )

    assert mentions_of(note) == [
        "Exonération de TVA, art. 261, 4, 4° a du CGI",
        "Nature de l’opération : prestation de services",
        "Assurance professionnelle : Mutuelle",
    ]


def test_the_discount_of_the_document_is_said_in_place_of_the_companys():
    company = Company(name="Atelier Lumen", early_discount="2 % sous 8 jours")
    printed = mentions_of(replace(PLAIN, company=company, discount="Escompte de 3 % sous 10 jours"))

    assert [text for text in printed if "scompte" in text] == ["Escompte de 3 % sous 10 jours"]


def test_words_that_look_like_a_place_are_printed_as_they_are():
    company = Company(name="Atelier Lumen", insurance="{mediator} {0} 100 %")

    assert mentions_of(replace(PLAIN, company=company))[-1] == "Assurance professionnelle : {mediator} {0} 100 %"
