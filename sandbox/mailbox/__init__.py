"""A post office that accepts every mail and shows it."""
