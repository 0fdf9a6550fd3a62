"""Column types of our own."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    # To a type checker it is the whole number that it holds; a subclass would lose its nullability.
    MinorField = models.BigIntegerField
else:

    class MinorField(models.BigIntegerField):
        """An amount in minor units (cents): a whole number, by the database's own word.

        SQLite stores `'abc'` or `12.5` in an integer column without a murmur; there, a CHECK refuses.
        """

        def db_check(self, connection):
            if connection.vendor != "sqlite":
                return super().db_check(connection)
            column = connection.ops.quote_name(self.column)
            return f"{column} IS NULL OR typeof({column}) = 'integer'"
