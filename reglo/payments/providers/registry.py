"""Which providers exist, and the one of each that this process uses."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.utils.module_loading import import_string

from reglo.payments.providers.contract import Provider

# key → a function `(settings: ProviderSettings) -> Provider`, imported when first used: an SDK takes a second.
BUILDERS = {"stripe": "reglo.payments.providers.stripe.provider.build"}


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """What the installation says of its providers. Empty `stripe_api`: the real one."""

    base_url: str
    stripe_api: str = ""
    stripe_client_id: str = ""
    stripe_platform_key: str = field(default="", repr=False)


_settings: ProviderSettings | None = None
_built: dict[str, Provider] = {}


def configure(settings: ProviderSettings) -> None:
    """Take the installation's settings. Called once, at start-up."""
    global _settings
    _settings = settings
    _built.clear()


def provider(key: str) -> Provider:
    """The provider of this key, built once per process."""
    if key not in _built:
        assert _settings is not None, "configured by the application's start-up"
        _built[key] = import_string(BUILDERS[key])(_settings)
    return _built[key]


@contextmanager
def replace(key: str, stand_in: Provider) -> Iterator[None]:
    """Use `stand_in` for the duration: tests and the lab."""
    before = dict(_built)
    _built[key] = stand_in
    try:
        yield
    finally:
        _built.clear()
        _built.update(before)
