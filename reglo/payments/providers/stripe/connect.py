"""An account: whose key it is, what it may do, our webhook endpoint, and the proof that the chain works."""

from dataclasses import replace
from datetime import datetime
from email.utils import parsedate_to_datetime

import stripe
from django.utils.translation import gettext_lazy as _

from reglo.payments.providers.contract import (
    Account,
    AccountBroken,
    AccountInfo,
    BadSecrets,
    EndpointRefused,
    Health,
    Mode,
    Secrets,
)
from reglo.payments.providers.stripe.client import API_VERSION, Clients, translated
from reglo.payments.providers.stripe.permissions import probe
from reglo.payments.providers.stripe.webhook import EVENT_TYPES

# What a pasted text is, by its beginning, when it is not a restricted key.
_NOT_A_RESTRICTED_KEY = (
    (
        ("sk_live_", "sk_test_"),
        _(
            "C’est une clé secrète : elle donne tous les pouvoirs sur votre compte Stripe, et Réglo n’en veut pas. "
            "Créez une clé restreinte (elle commence par rk_)."
        ),
    ),
    (
        ("pk_live_", "pk_test_"),
        _("C’est une clé publiable. Il faut une clé restreinte (elle commence par rk_)."),
    ),
)
_UNRECOGNISED = _("Ce n’est pas une clé restreinte Stripe : elle commence par rk_live_ ou rk_test_.")
_REFUSED = _("Stripe ne reconnaît pas cette clé : elle est incomplète, ou elle a été révoquée.")
_NO_ACCOUNT = _("Cette clé ne permet pas de lire le compte : ajoutez-lui « %(permission)s ».")
_ACCOUNT_LABEL = _("Compte (identité et coordonnées) : lecture")


def inspect(clients: Clients, secrets: Secrets) -> AccountInfo:
    """Whose account this is, its mode, and the rights we have on it. Raises BadSecrets."""
    if "connected_account" in secrets:
        key = clients.platform_key
    else:
        key = secrets["api_key"]
        _refuse_other_keys(key)
    client = clients.of(secrets)
    account = _read_account(client)
    return AccountInfo(
        external_id=account.id,
        name=_name(account),
        country=account.country or "",
        mode=_mode(key, simulated=clients.is_simulated),
        permissions=probe(client),
    )


def connect(clients: Clients, account: Account, endpoint_url: str) -> AccountInfo:
    """A payment page opened and closed at once, then our endpoint, created or repaired.

    In this order: an endpoint made first would be told of that page before anybody here knows its secret.
    """
    info = inspect(clients, account.secrets)
    if info.missing:
        return info
    _try_a_session(clients.of(account.secrets), endpoint_url)
    return _with_endpoint(info, _install_endpoint(clients, account, endpoint_url))


def renew_endpoint(clients: Clients, account: Account, endpoint_url: str) -> AccountInfo:
    """Stripe has no call that replaces a secret: a second endpoint is made at the same address, then the first removed.

    Until then both call, and a notice told twice is one. Whoever dies in between leaves one that `connect` removes.
    """
    info = inspect(clients, account.secrets)
    client = _endpoint_client(clients, account)
    with translated(writes=True):
        endpoint = _new_endpoint(client, account, endpoint_url)
        for other in client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter():
            if other.id != endpoint.id and (other.url == endpoint_url or other.id == account.endpoint_id):
                client.v1.webhook_endpoints.delete(other.id)
    return _with_endpoint(info, endpoint)


def check(clients: Clients, account: Account, endpoint_url: str, now: datetime) -> Health:
    """Key, endpoint, clock. Raises AccountBroken, Retryable."""
    client = clients.of(account.secrets)
    with translated():
        read = client.v1.accounts.retrieve_current()
    endpoint = _existing_endpoint(_endpoint_client(clients, account), account.endpoint_id)
    return Health(
        permissions=probe(client),
        endpoint_ok=endpoint is not None and _is_ours(endpoint, endpoint_url),
        clock_skew_seconds=_skew(read, now),
    )


def disconnect(clients: Clients, account: Account) -> None:
    """Remove our endpoint, or give a platform's access back. A refused key has nothing left to remove."""
    try:
        with translated(writes=True):
            if connected := account.secrets.get("connected_account"):
                clients.platform().oauth.deauthorize({"stripe_user_id": connected})
            elif account.endpoint_id:
                clients.of(account.secrets).v1.webhook_endpoints.delete(account.endpoint_id)
    except (AccountBroken, stripe.InvalidRequestError, stripe.oauth_error.OAuthError):
        return


def _refuse_other_keys(key: str) -> None:
    for beginnings, reason in _NOT_A_RESTRICTED_KEY:
        if key.startswith(beginnings):
            raise BadSecrets(field="key", reason=reason)
    if not key.startswith(("rk_live_", "rk_test_")) or not key.isascii() or any(map(str.isspace, key)):
        raise BadSecrets(field="key", reason=_UNRECOGNISED)


def _read_account(client: stripe.StripeClient) -> stripe.Account:
    try:
        with translated():
            return client.v1.accounts.retrieve_current()
    except AccountBroken as error:
        if isinstance(error.__cause__, stripe.PermissionError):
            reason = str(_NO_ACCOUNT) % {"permission": _ACCOUNT_LABEL}
            raise BadSecrets(field="key", reason=reason) from error
        raise BadSecrets(field="key", reason=_REFUSED) from error


def _mode(key: str, *, simulated: bool) -> Mode:
    if "_live_" in key:
        return Mode.LIVE
    return Mode.SIMULATED if simulated else Mode.TEST


def _name(account: stripe.Account) -> str:
    """The name customers know, or else what the account has."""
    profile = account.business_profile.name if account.business_profile else None
    dashboard = account.settings.dashboard.display_name if account.settings else None
    return profile or dashboard or account.email or account.id


def _endpoint_client(clients: Clients, account: Account) -> stripe.StripeClient:
    """The endpoint of connected accounts belongs to the platform."""
    return clients.platform() if "connected_account" in account.secrets else clients.of(account.secrets)


def _install_endpoint(clients: Clients, account: Account, url: str) -> stripe.WebhookEndpoint:
    """The one endpoint at `url`. Its secret is told at creation only, so one whose secret was lost is replaced."""
    client = _endpoint_client(clients, account)
    with translated(writes=True):
        existing = _existing_endpoint(client, account.endpoint_id)
        if existing is not None and existing.url == url and existing.api_version == API_VERSION:
            return client.v1.webhook_endpoints.update(
                existing.id, {"enabled_events": list(EVENT_TYPES), "disabled": False}
            )
        for other in client.v1.webhook_endpoints.list({"limit": 100}).auto_paging_iter():
            if other.url == url or other.id == account.endpoint_id:
                client.v1.webhook_endpoints.delete(other.id)
        return _new_endpoint(client, account, url)


def _new_endpoint(client: stripe.StripeClient, account: Account, url: str) -> stripe.WebhookEndpoint:
    try:
        return client.v1.webhook_endpoints.create(
            {
                "url": url,
                "enabled_events": list(EVENT_TYPES),
                "api_version": API_VERSION,
                "description": "Réglo",
                "connect": "connected_account" in account.secrets,
            }
        )
    except stripe.InvalidRequestError as error:
        raise EndpointRefused(reason=error.user_message or "") from error


def _with_endpoint(info: AccountInfo, endpoint: stripe.WebhookEndpoint) -> AccountInfo:
    # The secret is absent unless the endpoint was just created.
    return replace(info, endpoint_id=endpoint.id, endpoint_secret=getattr(endpoint, "secret", ""))


def _existing_endpoint(client: stripe.StripeClient, endpoint_id: str) -> stripe.WebhookEndpoint | None:
    if not endpoint_id:
        return None
    with translated():
        try:
            return client.v1.webhook_endpoints.retrieve(endpoint_id)
        except stripe.InvalidRequestError:
            return None  # somebody removed it


def _is_ours(endpoint: stripe.WebhookEndpoint, url: str) -> bool:
    return (
        endpoint.url == url
        and endpoint.status == "enabled"
        and endpoint.api_version == API_VERSION
        and set(EVENT_TYPES) <= set(endpoint.enabled_events)
    )


def _try_a_session(client: stripe.StripeClient, url: str) -> None:
    """Open a payment page and close it: what the first customer will need works before a link goes live."""
    with translated(writes=True):
        session = client.v1.checkout.sessions.create(
            {
                "mode": "payment",
                "ui_mode": "hosted_page",
                "line_items": [
                    {
                        "price_data": {
                            "currency": "eur",
                            "unit_amount": 100,
                            "product_data": {"name": "Réglo : essai de connexion"},
                        },
                        "quantity": 1,
                    }
                ],
                "success_url": url,
                "adaptive_pricing": {"enabled": False},
            }
        )
        client.v1.checkout.sessions.expire(session.id)


def _skew(read: stripe.Account, now: datetime) -> int | None:
    """Our clock minus theirs, in seconds, by the Date header of an answer."""
    answer = read.last_response
    date = answer.headers.get("Date") if answer and answer.headers else None
    return round((now - parsedate_to_datetime(date)).total_seconds()) if date else None
