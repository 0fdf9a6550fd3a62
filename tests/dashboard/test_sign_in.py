"""Signing in, and the ways back in when something is lost."""

import re
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.test import Client

from reglo.companies.models import Company, User
from reglo.companies.services import issue_sign_in_link
from reglo.delivery.models import MailSettings
from reglo.ports import background
from reglo.ports import clock as clock_port

PASSWORD = "une longue phrase de passe"
LOGIN, FORGOTTEN = "/compte/connexion/", "/compte/mot-de-passe/oublie/"
TOTP_SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def nobody_tried_before(db: None) -> None:
    """Rate limits are counted in the cache."""
    cache.clear()


@pytest.fixture
def alice(alice: User) -> User:
    alice.set_password(PASSWORD)
    alice.save()
    return alice


def words(answer: Any) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def sign_in(client: Client, password: str = PASSWORD, **options: Any) -> Any:
    return client.post(LOGIN, {"login": "alice@atelier-lumen.test", "password": password}, **options)


def test_the_right_password_opens_the_page_wanted(client: Client, alice: User, company: Company):
    answer = client.post(f"{LOGIN}?next=/clients/", {"login": alice.email.upper(), "password": PASSWORD})

    assert answer.headers["Location"] == "/clients/"
    assert client.get("/clients/").status_code == 200


@pytest.mark.parametrize("address", ["https://evil.test/", "//evil.test/"])
def test_signing_in_sends_nobody_elsewhere(client: Client, alice: User, company: Company, address: str):
    answer = client.post(f"{LOGIN}?next={address}", {"login": alice.email, "password": PASSWORD})

    assert answer.headers["Location"] == "/"


def test_a_wrong_password_and_a_wrong_address_read_the_same(client: Client, alice: User):
    known = words(sign_in(client, "not the one"))
    unknown = words(client.post(LOGIN, {"login": "nobody@example.test", "password": "not the one"}))

    for page in (known, unknown):
        assert "Cette adresse et ce mot de passe ne vont pas ensemble." in page


def test_guessing_is_stopped(client: Client, alice: User):
    for _ in range(5):
        sign_in(client, "not the one")

    refused = sign_in(client)

    assert "Trop d’essais" in words(refused) or refused.status_code == 429
    assert "_auth_user_id" not in client.session


def test_the_session_gets_a_new_name_at_sign_in(client: Client, alice: User, company: Company):
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    client.cookies["reglo_session"] = planted

    sign_in(client)

    assert client.session.session_key != planted


def test_there_is_no_open_registration(client: Client, db: None):
    assert client.get("/compte/inscription/").status_code == 404
    assert client.get("/accounts/signup/").status_code == 404
    assert "inscri" not in words(client.get(LOGIN)).lower()


def test_a_second_factor_is_asked_for(client: Client, alice: User, company: Company):
    Authenticator.objects.create(
        user=alice, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(TOTP_SECRET)}
    )

    assert sign_in(client).headers["Location"] == "/compte/connexion/double/"
    assert client.get("/clients/").status_code == 302
    assert "Ce code n’est pas le bon" in words(client.post("/compte/connexion/double/", {"code": "000000"}))

    code = format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time())))
    client.post("/compte/connexion/double/", {"code": code})
    assert client.get("/clients/").status_code == 200


def test_a_sign_in_link_does_not_skip_the_second_factor(client: Client, alice: User, company: Company):
    Authenticator.objects.create(
        user=alice, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(TOTP_SECRET)}
    )
    token = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())

    assert client.post(f"/connexion/{token}/").headers["Location"] == "/compte/connexion/double/"
    assert client.get("/clients/").status_code == 302


def test_a_sign_in_link_opens_by_its_button_once(client: Client, alice: User, company: Company):
    token = issue_sign_in_link(user=alice, resets_password=False, now=clock_port.now())
    for _ in range(2):
        assert "Bonjour Alice Martin" in words(client.get(f"/connexion/{token}/"))
    assert client.get("/clients/").status_code == 302

    client.post(f"/connexion/{token}/")

    assert client.get("/clients/").status_code == 200
    again = Client().post(f"/connexion/{token}/")
    assert again.status_code == 410
    assert "a déjà servi" in words(again)


def test_a_password_link_wants_a_password_good_enough(client: Client, alice: User, company: Company):
    token = issue_sign_in_link(user=alice, resets_password=True, now=clock_port.now())

    assert client.post(f"/connexion/{token}/", {"password": "court"}).status_code == 422
    client.post(f"/connexion/{token}/", {"password": "une toute nouvelle phrase"})

    assert client.get("/clients/").status_code == 200
    alice.refresh_from_db()
    assert alice.check_password("une toute nouvelle phrase")


@pytest.fixture
def mail_server(company: Company, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailSettings]:
    monkeypatch.setattr("reglo.dashboard.accounts.connect", lambda server: mail.get_connection())
    with background.use(lambda work: work()):
        yield MailSettings.objects.create(
            company=company, host="smtp.test", from_address="factures@atelier-lumen.test", changed_at=clock_port.now()
        )


def ask_for_a_link(client: Client, email: str, **headers: str) -> Any:
    return client.post(FORGOTTEN, {"email": email}, headers=headers)


def test_a_forgotten_password_is_reset_by_mail(client: Client, alice: User, mail_server: MailSettings):
    ask_for_a_link(client, alice.email)

    [message] = mail.outbox
    assert (message.to, message.from_email) == ([alice.email], "Atelier Lumen <factures@atelier-lumen.test>")
    assert message.subject == "Choisir un nouveau mot de passe pour Réglo"
    link = re.search(r"http://localhost:8000(/compte/mot-de-passe/oublie/\S+/)", str(message.body))
    assert link
    form = client.get(link[1], follow=True)
    new = {"password1": "une toute nouvelle phrase", "password2": "une toute nouvelle phrase"}
    client.post(form.redirect_chain[-1][0], new)
    alice.refresh_from_db()
    assert alice.check_password("une toute nouvelle phrase")
    assert "Ce lien ne marche plus" in words(Client().get(link[1], follow=True))


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.test"},
        {"X-Host": "evil.test"},
        {"Forwarded": "host=evil.test"},
        {"X-Original-Host": "evil.test"},
        {"Referer": "https://evil.test/"},
    ],
)
def test_no_header_chooses_where_a_reset_link_leads(
    client: Client, alice: User, mail_server: MailSettings, headers: dict[str, str]
):
    ask_for_a_link(client, alice.email, **headers)

    [message] = mail.outbox
    assert "http://localhost:8000/compte/mot-de-passe/oublie/" in str(message.body)
    assert "evil" not in str(message.message())


@pytest.mark.parametrize("host", ["evil.test", "localhost.evil.test", "localhost@evil.test", "evil.test:80"])
def test_a_forged_host_is_refused_and_nothing_is_sent(
    client: Client, alice: User, mail_server: MailSettings, host: str
):
    assert ask_for_a_link(client, alice.email, Host=host).status_code == 400
    assert mail.outbox == []


def test_an_unknown_address_reads_the_same_and_gets_no_mail(client: Client, alice: User, mail_server: MailSettings):
    known, unknown = ask_for_a_link(client, alice.email), ask_for_a_link(client, "nobody@example.test")

    assert known.headers["Location"] == unknown.headers["Location"]
    assert [message.to for message in mail.outbox] == [[alice.email]]


def test_the_answer_does_not_wait_for_the_mail_server(
    client: Client, alice: User, mail_server: MailSettings, monkeypatch: pytest.MonkeyPatch
):
    """A slow server would tell, by the time it takes, which addresses have an account."""
    answered, sent = threading.Event(), threading.Event()

    def slow(self: EmailMessage, fail_silently: bool = False) -> int:
        assert answered.wait(10)
        sent.set()
        return 1

    monkeypatch.setattr(EmailMessage, "send", slow)
    with background.use(background._in_a_thread):
        answer = ask_for_a_link(client, alice.email)
    answered.set()

    assert answer.status_code == 302
    assert sent.wait(10)


def test_where_no_mail_can_leave_the_page_says_what_else_to_do(client: Client, alice: User, company: Company):
    answer = client.get(ask_for_a_link(client, alice.email).headers["Location"])

    assert "reglo password-link" in words(answer)
    assert mail.outbox == []


def with_totp(person: User) -> str:
    """Their application, and the code that it shows now."""
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(TOTP_SECRET)}
    )
    return str(format_hotp_value(hotp_value(TOTP_SECRET, next(yield_hotp_counters_from_time()))))


def test_guessing_a_code_is_stopped_whatever_the_browser(client: Client, alice: User, company: Company):
    code = with_totp(alice)
    for _guess in range(5):
        another = Client()
        sign_in(another)
        another.post("/compte/connexion/double/", {"code": "000000"})

    sign_in(client)
    refused = client.post("/compte/connexion/double/", {"code": code})

    assert refused.status_code in {200, 429}
    assert client.get("/clients/").status_code == 302


def test_a_code_serves_once(client: Client, alice: User, company: Company):
    code = with_totp(alice)
    sign_in(client)
    client.post("/compte/connexion/double/", {"code": code})
    assert client.get("/clients/").status_code == 200

    overheard = Client()
    sign_in(overheard)
    overheard.post("/compte/connexion/double/", {"code": code})

    assert overheard.get("/clients/").status_code == 302


def test_a_new_password_ends_the_other_sessions(client: Client, alice: User, company: Company):
    stolen = Client()
    sign_in(stolen)
    assert stolen.get("/clients/").status_code == 200

    token = issue_sign_in_link(user=alice, resets_password=True, now=clock_port.now())
    client.post(f"/connexion/{token}/", {"password": "une toute nouvelle phrase"})

    assert client.get("/clients/").status_code == 200
    assert stolen.get("/clients/").status_code == 302


def test_an_account_that_was_closed_ends_its_sessions(client: Client, alice: User, company: Company):
    sign_in(client)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert client.get("/clients/").status_code == 302


def test_an_address_is_not_flooded_with_reset_mails(
    client: Client, alice: User, mail_server: MailSettings, monkeypatch: pytest.MonkeyPatch
):
    real = time.time
    for minutes in range(0, 55, 5):
        monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda late=minutes: real() + 60 * late)
        ask_for_a_link(client, alice.email)

    assert len(mail.outbox) == 5


def test_recovery_codes_are_kept_by_no_cache(client: Client, alice: User, company: Company):
    code = with_totp(alice)
    RecoveryCodes.activate(alice)
    sign_in(client)
    client.post("/compte/connexion/double/", {"code": code})

    client.post("/compte/confirmer/", {"password": PASSWORD})

    shown = client.get("/compte/securite/codes/")

    assert shown.status_code == 200
    assert "no-store" in shown.headers["Cache-Control"]
