"""`make tour`: lives the whole story against a running demo, over HTTP, as the people of it would.

    python -m sandbox.tour [--links var/demo/links.json]

Every step is found by the French words on the page. It stops at the first ✗, with what was expected and what was seen.
"""

import argparse
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from sandbox.page import Page, Unexpected, plain
from sandbox.visitor import Visitor

OWNER = "alix@atelier-essai.example"
PASSWORD = "une phrase assez longue"  # noqa: S105 (of a demonstration that holds nothing)
# What is expected to happen by itself, happens within this.
PATIENCE_SECONDS = 60.0
LOOK_AGAIN_SECONDS = 0.2

Found = TypeVar("Found")
Step = tuple[str, Callable[[], None]]


class Tour:
    """What the people of the story know so far. `links`: setup, site and sandbox, as `reglo demo` writes them."""

    def __init__(self, links: dict[str, str], *, tag: str, patience: float = PATIENCE_SECONDS) -> None:
        self.links, self.tag, self.patience = links, tag, patience
        self.site, self.sandbox = links["site"], links["sandbox"]
        self.seller, self.payer, self.outside = Visitor(), Visitor(), Visitor()
        self.company = f"Atelier {tag}"
        self.customer = f"claire-{tag}@fontaine.example"
        self.invoice_url = self.number = self.account = ""
        self.home: Page

    def steps(self) -> Iterator[Step]:
        """What each step shows, and the step."""
        yield "Le lien d’installation crée le premier compte", self.enter
        yield "Une entreprise d’essai est créée, avec ses comptes comptables", self.found_company
        yield "Stripe : un compte, un numéro de téléphone, un code par SMS", self.open_stripe_account
        yield "Stripe : une clé restreinte, collée, vérifiée, « Connecter »", self.connect_stripe
        yield "Les e-mails partent par la boîte aux lettres d’essai", self.set_mail
        yield "Une facture, avec un client créé au passage", self.write_invoice
        yield "« Finaliser la facture » : elle a son numéro", self.finalise
        yield "Elle part par e-mail, avec son PDF et son lien sécurisé", self.send
        yield "Le client ouvre le lien, sans compte ni mot de passe", self.open_portal
        yield "Une carte refusée est dite, et rien n’est payé", self.pay_with_refused_card
        yield "Il paie avec 4242 4242 4242 4242", self.pay
        yield "Sa page dit « Payée », avec le reçu et le duplicata", self.see_paid
        yield "Le tableau de bord dit « Payée », tout seul", self.see_paid_on_dashboard
        yield "Le client a exactement un reçu", self.count_receipts
        yield "Stripe prévient deux fois de plus : toujours un seul paiement", self.tell_twice
        yield "Une seconde facture est encaissée à la main, puis l’encaissement annulé", self.collect_and_undo
        yield "La page du mois montre le montant", self.see_month

    # The seller

    def enter(self) -> None:
        page = self.seller.open(self.links["setup"])
        if "Cette invitation a déjà servi" in page.text:  # an earlier tour: the same person comes back
            page = self.seller.press(
                self.seller.open(self.site), "Se connecter", {"Adresse e-mail": OWNER, "Mot de passe": PASSWORD}
            )
            page = self.seller.open(self.site + "/entreprises/nouvelle/")
        else:
            typed = {"Votre nom": "Alix Martin", "Votre adresse e-mail": OWNER, "Mot de passe": PASSWORD}
            page = self.seller.press(page, "Créer mon compte", {**typed})
        page.expect("Votre entreprise", "Créer l’entreprise")
        self.home = page

    def found_company(self) -> None:
        page = self.seller.press(
            self.home,
            "Créer l’entreprise",
            {
                "Une entreprise d’essai": True,
                "Nom ou raison sociale": self.company,
                "SIREN": "732829320",
                "Adresse": "12 rue des Essais",
                "Code postal": "69001",
                "Ville": "Lyon",
            },
        )
        page = self.seller.press(page, "Continuer", {"IBAN": "FR7630006000011234567890189"})
        page = self.seller.press(page, "Continuer")  # the logo is for later
        page = self.seller.press(page, "Confirmer ces comptes")
        page.expect("Réglo n’est pas une plateforme agréée")
        self.home = self.seller.press(page, "Continuer", {"Plateforme agréée": "Plateforme d’essai"})
        self.home.expect(self.company, "Écrire ma première facture")

    def open_stripe_account(self) -> None:
        page = self.seller.follow(self.seller.follow(self.home, "Configuration"), "Devis & Factures")
        page = self.seller.press(page, "Enregistrer", {"Accepter le paiement par carte": True})
        page = self.seller.follow(page, "Se connecter à Stripe")
        stripe = self.seller.follow(page, "Créer mon compte Stripe")
        stripe = self.seller.press(
            stripe, "Créer le compte", {"Nom de votre entreprise": self.company, "E-mail": OWNER}
        )
        stripe = self.seller.press(stripe, "Recevoir le code par SMS", {"Téléphone portable": "06 12 34 56 78"})
        code = next((word for word in stripe.text.split() if word.isdigit() and len(word) == 6), "")
        stripe = self.seller.press(stripe, "Continuer", {"Code à 6 chiffres": code})
        stripe.expect(self.company)
        self.home = page

    def connect_stripe(self) -> None:
        page = self.seller.follow(self.home, "J’ai un compte Stripe")
        stripe = self.seller.follow(page, "Ouvrir la page des clés")
        stripe = self.seller.press(stripe, "Créer la clé")
        key = next((word for word in stripe.text.split() if word.startswith("rk_test_")), "")
        page = self.seller.press(self.seller.follow(page, "J’ai copié ma clé"), "Continuer", {"Clé": key})
        page.expect(f"Connecter « {self.company} » ?", "Ce que la clé permet")
        self.account = next(word for word in page.text.split() if word.startswith("acct_"))
        page = self.seller.press(page, "Connecter")
        page.expect("Connecté", f"Le compte « {self.company} »")

    def set_mail(self) -> None:
        state = self.ask("/_control/state")
        page = self.seller.follow(self.seller.open(self.site + "/configuration/"), "E-mail")
        page = self.seller.press(
            page,
            "Enregistrer",
            {
                "Serveur SMTP": "localhost",
                "Port": str(state["smtp_port"]),
                "Chiffrement": "Aucun",
                "Adresse d’expédition": "bonjour@atelier-essai.example",
                "Nom de l’expéditeur": self.company,
            },
        )
        self.seller.press(page, "Envoyer un essai").expect("Fonctionne")

    def write_invoice(self) -> None:
        page = self.seller.follow(self.seller.open(self.site), "Nouvelle facture")
        page = self.seller.press(page, "Choisir un client sur une autre page")
        page = self.seller.press(
            self.seller.follow(page, "Nouveau client"),
            "Enregistrer",
            {
                "Professionnel": True,
                "Nom": "Menuiserie Claire Fontaine",
                "SIREN": "552100554",
                "Adresse e-mail": self.customer,
                "Adresse": "3 place du Marché",
                "Code postal": "38000",
                "Ville": "Grenoble",
            },
        )
        page = self.seller.press(
            page,
            "Aperçu",
            {"Désignation": "Étude d’éclairage", "Quantité": "5", "Prix unitaire": "206,67", "TVA": "20"},
        )
        self.home = self.seller.follow(page, "Revenir à la facture")
        self.home.expect("1 240,02 €", "Menuiserie Claire Fontaine")

    def finalise(self) -> None:
        page = self.seller.press(self.home, "Finaliser la facture")
        page.expect("Elle recevra son numéro et ne sera plus modifiable.")
        page = self.seller.press(page, "Finaliser la facture")
        self.number, self.invoice_url = number_on(page), page.url
        page.expect(f"Facture {self.number}", "À payer", "1 240,02 €")

    def send(self) -> None:
        rows = self.seller.follow(self.seller.open(self.site), "Factures")
        page = self.seller.follow(rows, f"Envoyer {self.number}")
        self.seller.press(page, "Envoyer")
        mail = self.until("l’e-mail de la facture", lambda: next(iter(self.mails("Facture")), None))
        self.check(self.number in mail["subject"], f"le numéro {self.number} dans l’objet", mail["subject"])
        self.check(
            any(file["type"] == "application/pdf" for file in mail["attachments"]), "un PDF joint", mail["attachments"]
        )
        self.links["portal of the tour"] = next(link for link in mail["links"] if link.startswith(self.site + "/p/"))

    # The customer

    def open_portal(self) -> None:
        page = self.payer.open(self.links["portal of the tour"])
        page.expect(self.company, self.number, "Payer 1 240,02 € par carte")
        self.check("/p/l/" not in page.url, "une adresse sans le jeton du lien", page.url)
        paper = self.payer.file(page.link("Télécharger la facture (PDF)"))
        self.check(paper.startswith(b"%PDF-"), "un PDF", paper[:20])
        self.home = page

    def pay_with_refused_card(self) -> None:
        self.home = self.payer.press(self.home, "Payer 1 240,02 € par carte")
        self.check(self.home.url.startswith(self.sandbox), "la page de paiement de Stripe", self.home.url)
        self.home = self.pay_by_card("4000 0000 0000 0002")
        self.home.expect("Votre carte a été refusée")

    def pay(self) -> None:
        self.home = self.pay_by_card("4242 4242 4242 4242")
        self.check(self.home.url.startswith(self.site), "le retour chez le vendeur", self.home.url)

    def see_paid(self) -> None:
        page = self.until_page(self.payer, self.links["portal of the tour"], "Payée le")
        for paper in ("Reçu", "Duplicata acquitté"):
            content = self.payer.file(page.link(paper))
            self.check(content.startswith(b"%PDF-"), f"un PDF derrière « {paper} »", content[:20])

    # Afterwards

    def see_paid_on_dashboard(self) -> None:
        page = self.until_page(self.seller, self.invoice_url, "Payée")
        page.expect("Encaissé 1 240,02 €", "Reste à payer 0,00 €")

    def count_receipts(self) -> None:
        self.until("le reçu", lambda: self.receipts() or None)
        self.check(len(self.receipts()) == 1, "un reçu", f"{len(self.receipts())} reçus")

    def tell_twice(self) -> None:
        query = urlencode({"account": self.account, "type": "checkout.session.completed"})
        told = self.ask(f"/_control/events?{query}")
        receipts = self.ask(f"/_control/events/{told[0]['id']}/deliver", {"how": "twice"})
        statuses = [receipt["status"] for receipt in receipts]
        self.check(statuses == [200, 200], "deux fois 200", statuses)
        page = self.seller.follow(self.seller.open(self.site), "Encaissements")
        self.check(page.text.count(self.number) == 1, f"un encaissement de {self.number}", page.text)
        self.count_receipts()

    def collect_and_undo(self) -> None:
        page = self.seller.follow(self.seller.open(self.site), "Nouvelle facture")
        page = self.seller.press(page, "Choisir un client sur une autre page")
        page = self.seller.follow(page, "Menuiserie Claire Fontaine")
        page = self.seller.press(
            page,
            "Finaliser la facture",
            {"Désignation": "Pose de luminaire", "Quantité": "2", "Prix unitaire": "75", "TVA": "20"},
        )
        page = self.seller.press(page, "Finaliser la facture")
        url = page.url
        page = self.seller.press(
            self.seller.follow(page, "Ajouter un encaissement"), "Ajouter l’encaissement", {"Virement": True}
        )
        self.seller.open(url).expect("Payée", "Reste à payer 0,00 €")
        rows = self.seller.follow(self.seller.open(self.site), "Encaissements")
        page = self.seller.follow(rows, "Annuler l’encaissement de Menuiserie")
        self.seller.press(page, "Annuler l’encaissement", {"Pourquoi ?": "Erreur de saisie"})
        self.seller.open(url).expect("À payer", "Reste à payer 180,00 €")

    def see_month(self) -> None:
        page = self.seller.follow(self.seller.open(self.site), "Encaissements")
        page = self.seller.follow(page, "Par mois")
        page.expect("Encaissé 1 240,02 €", self.number)
        table = self.seller.file(page.link("Télécharger (CSV)")).decode("utf-8-sig")
        self.check(self.number in table, f"{self.number} dans le fichier CSV", table[:300])

    # Ways to look

    def pay_by_card(self, number: str) -> Page:
        amount = "Payer 1 240,02 €"
        return self.payer.press(
            self.home, amount, {"E-mail": self.customer, "Informations de la carte": number, "Nom": "Claire Fontaine"}
        )

    def ask(self, address: str, given: dict[str, str] | None = None) -> Any:
        """What the sandbox's control answers."""
        return json.loads(self.outside.file(self.sandbox + address, given))

    def mails(self, begins: str) -> list[dict[str, Any]]:
        """The customer's mails whose subject begins so, newest first."""
        every: list[dict[str, Any]] = self.ask("/_control/mail?" + urlencode({"to": self.customer}))
        return [mail for mail in every if plain(mail["subject"]).startswith(plain(begins))]

    def receipts(self) -> set[str]:
        return {mail["message_id"] for mail in self.mails("Reçu")}

    def until(self, expected: str, look: Callable[[], Found | None]) -> Found:
        """Look again and again until there is something. Raises Unexpected when patience ends."""
        deadline = time.monotonic() + self.patience
        while time.monotonic() < deadline:
            found = look()
            if found is not None:
                return found
            time.sleep(LOOK_AGAIN_SECONDS)
        raise Unexpected(expected, f"toujours rien après {self.patience:.0f} s")

    def until_page(self, visitor: Visitor, url: str, sentence: str) -> Page:
        deadline = time.monotonic() + self.patience
        page = visitor.open(url)
        while sentence not in page.text and time.monotonic() < deadline:
            time.sleep(LOOK_AGAIN_SECONDS)
            page = visitor.open(url)
        page.expect(sentence)
        return page

    def check(self, holds: bool, expected: str, seen: object) -> None:
        if not holds:
            raise Unexpected(expected, f"« {seen} »")


def number_on(page: Page) -> str:
    """The number of the invoice that the page shows."""
    number = next((word for word in page.text.split() if word.startswith("ESSAI-F")), "")
    if not number:
        raise Unexpected(f"un numéro ESSAI-F… sur {urlsplit(page.url).path}", f"« {page.text[:800]} »")
    return number


def play(tour: Tour) -> int:
    """Print each step with its time; 1 at the first that fails, else 0."""
    began = time.monotonic()
    for count, (title, step) in enumerate(tour.steps(), start=1):
        started = time.monotonic()
        try:
            step()
        except Unexpected as surprise:
            print(
                f"✗ {count:2}. {title}\n      attendu : {surprise.expected}\n      vu :      {surprise.seen}",
                flush=True,
            )
            return 1
        print(f"✓ {count:2}. {title:<76} {time.monotonic() - started:5.2f} s", flush=True)
    print(f"\nToute l’histoire, en {time.monotonic() - began:.1f} s.")
    return 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m sandbox.tour", description="Joue toute l’histoire.")
    parser.add_argument("--links", type=Path, default=Path("var/demo/links.json"), help="fichier écrit par la démo")
    options = parser.parse_args(arguments)
    if not options.links.exists():
        print(f"Pas de démonstration ici ({options.links}) : lancez d’abord « make demo » dans un autre terminal.")
        return 1
    links = json.loads(options.links.read_text(encoding="utf-8"))
    if not answers(links["site"]):
        print(f"Rien ne répond à {links['site']} : lancez d’abord « make demo » dans un autre terminal.")
        return 1
    return play(Tour(links, tag=f"{time.time_ns() // 1_000_000_000}"))


def answers(site: str) -> bool:
    """Whether somebody listens there."""
    where = urlsplit(site)
    try:
        socket.create_connection((where.hostname or "localhost", where.port or 80), timeout=5).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
