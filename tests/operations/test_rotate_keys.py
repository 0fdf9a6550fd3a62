"""Every sealed column, found in the models: a new one that this test does not fill fails it."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.core.management import CommandError, call_command

from reglo import secrets
from reglo.archives.models import SigningKey
from reglo.archives.services import signing_key_of
from reglo.companies.models import Company, User
from reglo.delivery.models import MailSettings, Message
from reglo.delivery.services import MailSettingsInput, prepare_message, save_mail_settings
from reglo.delivery.states import Security
from reglo.operations import key_rotation
from reglo.operations.key_rotation import sealed_columns
from reglo.payments.models import Endpoint, ProviderAccount, ProviderEvent
from reglo.ports import clock as clock_port
from reglo.ports import ids
from reglo.secrets import sealing
from tests.factories import make_issued
from tests.payments.conftest import account, stripe  # noqa: F401 (fixtures)
from tests.sandbox.conftest import running, world  # noqa: F401 (fixtures)

OLD, NEW = b"o" * 32, b"n" * 32


@pytest.fixture(autouse=True)
def keys() -> Iterator[None]:
    before = (dict(sealing._keys), sealing._current)
    secrets.configure([OLD])
    yield
    sealing._keys.clear()
    sealing._keys.update(before[0])
    sealing._current = before[1]


@pytest.fixture
def sealed(keys: None, company: Company, alice: User, account: ProviderAccount) -> None:  # noqa: F811 (the fixture)
    """One of each, under the old key."""
    typed = MailSettingsInput("smtp.exemple.test", 587, Security.STARTTLS, "lumen", "mot de passe", "a@exemple.test")
    save_mail_settings(company_id=company.pk, typed=typed, actor_id=None, now=clock_port.now())
    prepare_message(company_id=company.pk, invoice_id=make_issued(company).pk, now=clock_port.now())
    signing_key_of(company_id=company.pk, now=clock_port.now())
    endpoint = Endpoint.objects.get()
    endpoint.seal_secret("whsec_2", previous_until=clock_port.now())
    endpoint.save()
    event = ProviderEvent(
        id=ids.new_uuid(),
        endpoint=endpoint,
        account=account,
        company=company,
        event_id="evt_1",
        kind="charge.succeeded",
        object_kind="charge",
        object_id="ch_1",
        happened_at=clock_port.now(),
        received_at=clock_port.now(),
    )
    event.seal_request("a body")
    event.save()
    for kind, data in (
        (Authenticator.Type.TOTP, {"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}),
        (
            Authenticator.Type.RECOVERY_CODES,
            {"migrated_codes": [get_adapter().encrypt("1"), get_adapter().encrypt("2")], "used_mask": 3},
        ),
    ):
        Authenticator.objects.create(user=alice, type=kind, data=data)


def rotate() -> str:
    said = StringIO()
    call_command("rotate_keys", stdout=said)
    return said.getvalue()


def stored() -> dict[str, Any]:
    cells = {
        f"{model._meta.label}.{column}": list(model._default_manager.values_list(column, flat=True))
        for model, column in sealed_columns()
    }
    return cells | {"mfa": list(Authenticator.objects.order_by("id").values_list("data", flat=True))}


def opened() -> list[object]:
    endpoint = Endpoint.objects.get()
    totp, codes = Authenticator.objects.order_by("id")
    return [
        MailSettings.objects.get().open_password(),
        SigningKey.objects.get().open_private(),
        len(Message.objects.get().open_token()),
        sorted(ProviderAccount.objects.get().open_secrets()),
        ProviderEvent.objects.get().open_request(),
        secrets.open_sealed(endpoint.sealed_secret, context=endpoint.seal_context("sealed_secret")),
        len(
            secrets.open_sealed(
                endpoint.sealed_previous_secret, context=endpoint.seal_context("sealed_previous_secret")
            )
        )
        > 0,
        get_adapter().decrypt(totp.data["secret"]),
        [get_adapter().decrypt(code) for code in codes.data["migrated_codes"]],
        codes.data["used_mask"],
    ]


@pytest.mark.usefixtures("sealed")
def test_afterwards_the_newest_key_alone_opens_everything():
    before = opened()
    assert all(cells and all(cells) for cells in stored().values()), "a sealed column that this test does not fill"
    secrets.configure([NEW, OLD])

    said = rotate()

    assert "rechiffrés avec la clé la plus récente : 10." in said
    secrets.configure([NEW])
    assert opened() == before


@pytest.mark.usefixtures("sealed")
def test_twice_is_once():
    secrets.configure([NEW, OLD])
    rotate()
    once = stored()

    assert "plus récente : 0." in rotate()
    assert stored() == once


@pytest.mark.usefixtures("sealed")
def test_interrupted_it_goes_on(monkeypatch: pytest.MonkeyPatch):
    secrets.configure([NEW, OLD])
    calls = iter(range(3))
    real = secrets.reseal

    def power_cut(text: str, *, context: str) -> str:
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return real(text, context=context)

    with monkeypatch.context() as patch:
        patch.setattr(secrets, "reseal", power_cut)
        with pytest.raises(KeyboardInterrupt):
            rotate()

    assert "plus récente : 7." in rotate()


@pytest.mark.usefixtures("sealed")
def test_what_changed_meanwhile_is_not_undone(monkeypatch: pytest.MonkeyPatch):
    secrets.configure([NEW, OLD])
    real = secrets.reseal

    def changed_meanwhile(text: str, *, context: str) -> str:
        if context.startswith("delivery.mail_settings"):
            settings = MailSettings.objects.get()
            settings.seal_password("un autre")
            settings.save()
        return real(text, context=context)

    monkeypatch.setattr(secrets, "reseal", changed_meanwhile)
    rotate()

    assert MailSettings.objects.get().open_password() == "un autre"


@pytest.mark.usefixtures("sealed")
def test_what_no_key_opens_is_named_and_left_alone():
    secrets.configure([NEW])
    before = stored()

    with pytest.raises(CommandError, match=r"delivery\.mail_settings:") as refused:
        rotate()

    assert "Ajoutez la clé qui manque" in str(refused.value)
    assert str(refused.value).count("\n  ") == 10
    assert stored() == before


@pytest.mark.usefixtures("sealed")
def test_more_than_one_batch_is_walked(monkeypatch: pytest.MonkeyPatch, company: Company):
    for _other in range(3):
        prepare_message(company_id=company.pk, invoice_id=make_issued(company).pk, now=clock_port.now())
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    secrets.configure([NEW, OLD])

    assert "plus récente : 13." in rotate()


def test_whatever_is_sealed_can_be_sealed_again():
    """By their names, in all the models: `seal_context` says to which place a ciphertext belongs."""
    named = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.startswith("sealed_") and field.name != "sealed_at"
    }

    assert named == {f"{model._meta.label}.{column}" for model, column in sealed_columns()}
    assert all(hasattr(model, "seal_context") for model, _column in sealed_columns())
