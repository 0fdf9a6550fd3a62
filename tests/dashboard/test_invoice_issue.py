from django.test import Client

from reglo.companies.models import Company, User
from reglo.companies.services import change_company
from reglo.invoicing.models import Invoice
from reglo.ledger.models import Entry
from reglo.ports import clock
from tests.dashboard.conftest import SignIn
from tests.factories import line, make_customer, make_draft


def check_page(draft: Invoice) -> str:
    return f"/factures/{draft.pk}/controle/"


def issue_url(draft: Invoice) -> str:
    return f"/factures/{draft.pk}/finaliser/"


def test_each_problem_leads_to_where_it_is_mended(browser: Client, company: Company, alice: User) -> None:
    change_company(company_id=company.pk, actor_id=alice.pk, now=clock.now(), siren="")
    customer = make_customer(company, city="")
    draft = make_draft(company, customer=customer, lines=[line("10", vat="0", description="")])

    problems = browser.get(check_page(draft)).context["problems"]
    assert [(problem.message, problem.url) for problem in problems] == [
        (
            "Indiquez le SIREN de votre entreprise : 9 chiffres, sur votre extrait Kbis ou INSEE.",
            "/configuration/entreprise/#id_siren",
        ),
        ("Indiquez l’adresse complète du client.", f"/clients/{customer.pk}/modifier/?facture={draft.pk}#id_address"),
        ("Décrivez ce que vous vendez.", f"/factures/{draft.pk}/modifier/#id_lines-0-description"),
        (
            "Une ligne est sans TVA : indiquez le motif d’exonération et son article de loi.",
            f"/factures/{draft.pk}/modifier/#id_exemption_reason",
        ),
    ]


def test_what_the_bank_page_holds_is_mended_there(browser: Client, company: Company) -> None:
    Company.objects.update(account_holder="Lumen 🧸")

    page = browser.get(f"/factures/{make_draft(company).pk}/controle/")

    assert [problem.url for problem in page.context["problems"]] == ["/configuration/banque/#id_account_holder"]


def test_a_member_is_sent_to_no_page_that_is_closed_to_them(company: Company, david: User, sign_in: SignIn) -> None:
    draft = make_draft(company, lines=[line("100", description=" ")])
    Company.objects.update(siren="")
    browser = sign_in(david)

    page = browser.get(f"/factures/{draft.pk}/controle/")

    assert [problem.url for problem in page.context["problems"]] == [
        "",
        f"/factures/{draft.pk}/modifier/#id_lines-0-description",
    ]
    assert "Demandez-le à un gérant." in page.content.decode()
    assert all(browser.get(problem.url).status_code == 200 for problem in page.context["problems"] if problem.url)


def test_with_a_problem_nothing_is_issued(browser: Client, company: Company) -> None:
    draft = make_draft(company, lines=[])
    answer = browser.post(issue_url(draft))
    assert answer.status_code == 422
    assert "Ajoutez au moins une ligne." in answer.content.decode()
    assert Invoice.objects.get().number is None
    assert not Entry.objects.exists()


def test_ready_draft_is_issued_from_its_button(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    page = browser.get(check_page(draft)).content.decode()
    assert "Elle recevra son numéro et ne sera plus modifiable." in page
    assert f'action="{issue_url(draft)}"' in page

    answer = browser.post(issue_url(draft), follow=True)
    assert answer.redirect_chain == [(f"/factures/{draft.pk}/", 302)]
    assert "Facture ESSAI-F2026-0001 finalisée." in answer.content.decode()


def test_double_click_issues_once(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    first, second = browser.post(issue_url(draft)), browser.post(issue_url(draft))
    assert first["Location"] == second["Location"] == f"/factures/{draft.pk}/"
    assert Invoice.objects.get().number == "ESSAI-F2026-0001"
    assert Entry.objects.count() == 1


def test_looking_at_the_button_issues_nothing(browser: Client, company: Company) -> None:
    draft = make_draft(company)
    assert browser.get(issue_url(draft)).status_code == 405
    assert Invoice.objects.get().number is None


def test_member_finalises_only_when_allowed(company: Company, david: User, sign_in: SignIn) -> None:
    draft, browser = make_draft(company), sign_in(david)
    assert "demandez-le à un gérant" in browser.get(check_page(draft)).content.decode()
    assert browser.post(issue_url(draft)).status_code == 403
    assert Invoice.objects.get().number is None

    david.memberships.update(may_finalise=True)
    assert browser.post(issue_url(draft)).status_code == 302
    assert Invoice.objects.get().number == "ESSAI-F2026-0001"


def test_what_is_doubtful_is_shown_apart_and_issued(browser: Client, company: Company) -> None:
    draft = make_draft(company, customer=make_customer(company, email=""))

    page = browser.get(check_page(draft))
    html = page.content.decode()
    assert page.context["problems"] == []
    assert [doubt.message for doubt in page.context["doubts"]] == [
        "Ce client n’a pas d’adresse e-mail : la facture ne pourra pas lui partir."
    ]
    assert "À vérifier" in html
    assert "Rien de ceci n’empêche de finaliser" in html
    browser.post(issue_url(draft))
    assert Invoice.objects.get().number == "ESSAI-F2026-0001"


def test_doubts_are_kept_beside_what_is_missing(browser: Client, company: Company) -> None:
    draft = make_draft(company, customer=make_customer(company, email="", city=""))

    page = browser.post(issue_url(draft))

    assert page.status_code == 422
    assert [problem.message for problem in page.context["problems"]] == ["Indiquez l’adresse complète du client."]
    assert len(page.context["doubts"]) == 1


def test_each_column_of_the_company_is_mended_on_its_page(browser: Client, company: Company) -> None:
    Company.objects.update(trades="building", late_penalty_rate=1, mediator="")
    draft = make_draft(company, customer=make_customer(company, kind="consumer", siren=""))
    professional = make_draft(company, customer=make_customer(company))

    urls = [
        problem.url for one in (draft, professional) for problem in browser.get(check_page(one)).context["problems"]
    ]

    assert urls == [
        "/configuration/entreprise/#id_mediator",
        "/configuration/metiers/#id_insurance",
        "/configuration/metiers/#id_insurance_cover",
        "/configuration/metiers/#id_insurance",
        "/configuration/metiers/#id_insurance_cover",
        "/configuration/facturation/#id_late_penalty_rate",
    ]
    for url in urls:
        page, _sharp, anchor = url.partition("#")
        assert f'id="{anchor}"' in browser.get(page).content.decode()
