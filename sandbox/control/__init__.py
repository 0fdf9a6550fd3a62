"""The panel from which a person or a test moves the world."""
