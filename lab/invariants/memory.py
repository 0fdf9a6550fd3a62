"""What the lab saw and the books may never unsay."""

from dataclasses import dataclass, field


@dataclass
class Memory:
    documents: dict[int, str] = field(default_factory=dict)  # invoice → its number and frozen text, when first seen
    document_heads: dict[int, str] = field(default_factory=dict)  # invoice → its hash, recomputed once
    entries: dict[str, str] = field(default_factory=dict)  # entry → its whole content, when first seen
    papers: dict[int, str] = field(default_factory=dict)  # invoice → the SHA-256 of its PDF, the bytes read once
    contents: int = 0  # the last event whose content was read
    lines: int = 0  # how many log lines were read
    mails: int = 0
