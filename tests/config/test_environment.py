"""Each wrong setting stops the process with one sentence that names it, and never repeats a secret."""

import base64

import pytest

from reglo.config.environment import SETTINGS, BadSetting, read

KEY = base64.b64encode(b"k" * 32).decode()
NEEDED = {"REGLO_SECRET_KEY": "x" * 50, "REGLO_ENCRYPTION_KEYS": KEY}
AN_ADDRESS = "il faut une adresse telle que https://factures.exemple.fr."
A_DATABASE = "il faut le chemin d’un fichier, ou postgresql://utilisateur:motdepasse@hôte:port/base."


def refusal(**given: str) -> str:
    with pytest.raises(BadSetting) as refused:
        read({**NEEDED, **given})
    return str(refused.value)


@pytest.mark.parametrize("name", [setting.name for setting in SETTINGS if setting.default is None])
def test_what_must_be_given_is_named_with_its_purpose(name: str):
    with pytest.raises(BadSetting) as refused:
        read({given: value for given, value in NEEDED.items() if given != name})

    purpose = next(setting.purpose for setting in SETTINGS if setting.name == name)
    assert str(refused.value) == (
        f"Réglo ne peut pas démarrer : {name} manque. {purpose} « reglo setup » sait la produire."
    )


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("REGLO_SECRET_KEY", "", "il faut au moins 50 caractères."),
        ("REGLO_SECRET_KEY", "x" * 49, "il faut au moins 50 caractères."),
        ("REGLO_ENCRYPTION_KEYS", "", "chaque clé doit faire 32 octets en base64."),
        ("REGLO_ENCRYPTION_KEYS", f"{KEY},{KEY[:20]}", "chaque clé doit faire 32 octets en base64."),
        ("REGLO_BASE_URL", "factures.exemple.fr", AN_ADDRESS),
        ("REGLO_BASE_URL", "https://factures.exemple.fr/reglo", AN_ADDRESS),
        ("REGLO_BASE_URL", "https://factures.exemple.fr:abc", AN_ADDRESS),
        ("REGLO_BASE_URL", "http://factures.exemple.fr", "http n’est accepté que pour localhost ; mettez https."),
        ("REGLO_DATABASE", " ", A_DATABASE),
        ("REGLO_DATABASE", "mysql://reglo:secret@localhost/reglo", A_DATABASE),
        ("REGLO_DATABASE", "postgresql://reglo:secret@localhost:5432", A_DATABASE),
        ("REGLO_DATABASE", "postgresql://reglo:secret@localhost:54x2/reglo", A_DATABASE),
        ("REGLO_FILES", "", "indiquez un dossier."),
        ("REGLO_STATIC", "", "indiquez un dossier."),
        ("REGLO_DEBUG", "oui", "mettez 0 ou 1."),
        ("REGLO_SIMULATION", "true", "mettez 0 ou 1."),
        ("REGLO_LOG_LEVEL", "info", "mettez DEBUG, INFO, WARNING ou ERROR."),
        ("REGLO_STRIPE_DASHBOARD", "dashboard.stripe.com", "il faut une adresse qui commence par https://."),
        ("REGLO_STRIPE_API", "localhost:8100", "il faut une adresse qui commence par https://."),
        ("REGLO_TRUSTED_PROXIES", "-1", "mettez un nombre entier."),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(name: str, value: str, reason: str):
    told = refusal(**{name: value})

    assert told == f"Réglo ne peut pas démarrer : {name} est incorrect : {reason}"
    assert "secret" not in told


def test_keys_are_shown_to_stripe_alone():
    """Another address than Stripe's would be told every company's key."""
    assert refusal(REGLO_STRIPE_API="https://elsewhere.test") == (
        "Réglo ne peut pas démarrer : REGLO_STRIPE_API est réservé à la simulation : "
        "videz-le, ou mettez REGLO_SIMULATION=1."
    )
    simulated = read({**NEEDED, "REGLO_STRIPE_API": "http://localhost:8100/", "REGLO_SIMULATION": "1"})
    assert simulated.stripe_api == "http://localhost:8100"


def test_a_platform_without_its_key_is_no_platform():
    assert refusal(REGLO_STRIPE_CLIENT_ID="ca_abc") == (
        "Réglo ne peut pas démarrer : REGLO_STRIPE_PLATFORM_KEY manque : "
        "REGLO_STRIPE_CLIENT_ID ne sert à rien sans elle."
    )


@pytest.mark.parametrize(
    "address", ["var/reglo.sqlite3", "postgresql://reglo@localhost:5432/reglo", "postgres:///reglo"]
)
def test_a_path_a_server_and_a_socket_are_databases(address: str):
    assert read({**NEEDED, "REGLO_DATABASE": address}).database == address
