"""Secrets at rest: sealed with a key that is not `SECRET_KEY`, failing closed."""

from reglo.secrets.sealing import SealBroken, configure, current_prefix, open_sealed, reseal, seal

__all__ = ["SealBroken", "configure", "current_prefix", "open_sealed", "reseal", "seal"]
