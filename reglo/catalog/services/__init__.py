"""What may be done to the catalogue."""

from reglo.catalog.services.keep_product import keep_product

__all__ = ["keep_product"]
