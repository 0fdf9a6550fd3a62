"""The chain of issued documents, whatever their kind: each is tied to the one before, so that none can be rewritten."""

import hashlib

from reglo.database.prepared import update
from reglo.invoicing.content import DocumentContent
from reglo.invoicing.locks import lock_document_chain
from reglo.invoicing.models import Invoice


def freeze(document: Invoice, content: DocumentContent) -> None:
    """Keep the content as text and take the next place of the company's chain, under its lock until the transaction
    ends. The document's own row is left to the caller to write."""
    document.frozen = content.to_json()
    chain = lock_document_chain(document.company_id)
    document.chain_position, document.previous_hash = chain.position + 1, chain.head
    document.hash = hash_document(previous=chain.head, frozen=document.frozen)
    chain.position, chain.head = document.chain_position, document.hash
    update(chain, "position", "head")


def hash_document(*, previous: str, frozen: str) -> str:
    """SHA-256, hex, of the previous hash followed by the SHA-256, hex, of the frozen text: a lawful erasure keeps
    the digest and the chain still holds."""
    digest = hashlib.sha256(frozen.encode()).hexdigest()
    return hashlib.sha256((previous + digest).encode()).hexdigest()
