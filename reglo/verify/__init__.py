"""A second reader of the books: raw SQL, no code of the writers, so that a mistake is not shared.

It imports the driver, `errors` and `money` only; whoever calls it hands it the file reader.
"""
