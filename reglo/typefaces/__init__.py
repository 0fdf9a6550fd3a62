"""Our fonts and the characters they show: known before a document is issued, so that rendering cannot fail on text."""

from reglo.typefaces.characters import missing_characters, name_character
from reglo.typefaces.fonts import FAMILY, font_folders

__all__ = ["FAMILY", "font_folders", "missing_characters", "name_character"]
