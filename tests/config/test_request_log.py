import pytest

from reglo.config.request_log import mask, mask_path

TOKEN = "Wom5eeU8W4QD6_LOdK6GUCmI5BgmCCH83dOWL2xpmIk"


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        (f"/p/l/{TOKEN}", "/p/l/***"),
        ("/p/l/court", "/p/l/***"),
        (f"/p/retour/{TOKEN}/abandon", "/p/retour/***/abandon"),
        ("/p/retour/court", "/p/retour/***"),
        (f"/hooks/stripe/{TOKEN}", "/hooks/stripe/***"),
        ("/invitation/court/", "/invitation/***/"),
        ("/connexion/court/", "/connexion/***/"),
        ("/compte/mot-de-passe/oublie/1a-cq7x9k-0123456789abcdef/", "/compte/mot-de-passe/oublie/***/"),
        ("/compte/mot-de-passe/oublie/envoye/", "/compte/mot-de-passe/oublie/envoye/"),
        ("/factures/12/", "/factures/12/"),
    ],
)
def test_an_address_is_logged_without_its_secret(path: str, logged: str):
    assert mask_path(path) == logged


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("key rk_test_51Hxyz refused", "key rk_*** refused"),
        ("sk_live_abc", "sk_***"),
        ("secret whsec_0a1b2c", "secret whsec_***"),
        ("Authorization: Bearer rk_test_51H", "Authorization: Bearer ***"),
        ('"authorization": "deadbeef"', '"authorization": "***"'),
        (f"Not Found: /ailleurs/{TOKEN}", "Not Found: /ailleurs/***"),
        ("Not Found: /compte/mot-de-passe/oublie/1-abc-def/x", "Not Found: /compte/mot-de-passe/oublie/***/x"),
        ("Facture F2026-0143 de 1 240,00 €", "Facture F2026-0143 de 1 240,00 €"),
    ],
)
def test_what_opens_something_is_masked_anywhere(text: str, masked: str):
    assert mask(text) == masked
