"""Connect OAuth: the owner clicks *Connecter* at Stripe, for an installation that has a platform of its own."""

import stripe
from django.utils.translation import gettext_lazy as _

from reglo.payments.providers.contract import BadSecrets, Secrets
from reglo.payments.providers.stripe.client import Clients, translated

_REFUSED = _("Stripe n’a pas confirmé la connexion. Recommencez avec le bouton « Se connecter à Stripe ».")


def authorize(clients: Clients, state: str, redirect_url: str) -> str:
    return clients.platform().oauth.authorize_url({"scope": "read_write", "state": state, "redirect_uri": redirect_url})


def grant(clients: Clients, code: str) -> Secrets:
    """Trade the code, once, for the right to act for an account: we keep its id, and act with the platform's key."""
    try:
        with translated(writes=True):
            token = clients.platform().oauth.token({"grant_type": "authorization_code", "code": code})
    except stripe.oauth_error.OAuthError as error:
        raise BadSecrets(reason=_REFUSED) from error
    assert token.stripe_user_id, "a code that was accepted names its account"
    return {"connected_account": token.stripe_user_id}
