"""The page of explanations inside an archive. In French, the language of whoever may ask for it."""

from reglo.archives.models import Archive


def read_me(archive: Archive, *, fingerprint: str) -> str:
    company = archive.company
    return f"""\
ARCHIVE DE {company.name.upper()}
{f"SIREN {company.siren}" if company.siren else "Entreprise d’essai"}
Du {archive.first_day:%d/%m/%Y} au {archive.last_day:%d/%m/%Y} inclus, par date d’enregistrement.

CE QU’ELLE CONTIENT
  documents/            chaque document émis : son contenu figé (JSON) et son PDF
  reprises/             les factures d’un ancien logiciel reprises dans la période
  documents.csv         leur liste, avec leur place dans la chaîne
  encaissements.csv     les paiements ; affectations.csv, ce qu’ils règlent ; remboursements.csv
  ecritures.csv         les écritures comptables, ligne à ligne
  clotures.csv          les totaux des jours, mois et années clos
  evenements.csv        ce qui s’est passé, dans l’ordre ; un contenu effacé à bon droit y est vide
  manifest.json         l’empreinte SHA-256 de chaque fichier, et la chaîne des documents
  manifest.sig          la signature Ed25519 de manifest.json
  public_key.pem        la clé publique qui la vérifie
  verify_archive.py     le programme qui vérifie tout cela, sans Réglo ni internet

LA VÉRIFIER
Il faut Python 3.9 ou plus récent, rien d’autre :

    python3 verify_archive.py archive.zip {fingerprint}

Le long nombre est l’empreinte de la clé publique de l’entreprise. Comparez-la à celle que montre Réglo, page
Comptabilité > Archives, ou à celle d’une archive plus ancienne : une archive refaite par un autre serait signée
par une autre clé. Sans elle, le programme dit seulement que rien n’a changé depuis la signature.

Avec OpenSSL 3, la signature se vérifie aussi ainsi, dans le dossier extrait :

    openssl pkeyutl -verify -pubin -inkey public_key.pem -rawin -in manifest.json -sigfile manifest.sig

Les fichiers CSV s’ouvrent dans un tableur : point-virgule, virgule décimale, UTF-8.
"""
