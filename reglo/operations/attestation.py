"""What an individual attestation says of Réglo: its facts, each with what it rests on. A person signs it, or does not.

The model is the administration's (BOI-LETTRE-000242). In French: it is a paper of French tax law.
"""

from datetime import date

import reglo
from reglo.companies.models import Company
from reglo.database.guards import GUARDS
from reglo.verify.run import PROOFS

CONDITIONS = (
    (
        "Inaltérabilité",
        "documents émis, encaissements, écritures et événements ne sont ni modifiés ni supprimés ; "
        "une erreur se corrige par un avoir ou une écriture inverse. Des déclencheurs de la base "
        "({guards} protections) le refusent à tout programme, le nôtre compris.",
    ),
    (
        "Sécurisation",
        "chaque document et chaque écriture porte l’empreinte SHA-256 de celui d’avant ; les événements sont scellés "
        "par blocs. « reglo verify » refait {proofs} preuves avec un lecteur indépendant.",
    ),
    (
        "Conservation",
        "chaque jour, chaque mois et chaque année est clos par ses totaux, avec un total perpétuel, enchaînés de même.",
    ),
    (
        "Archivage",
        "une archive datée et signée (Ed25519) de toute période se télécharge, et se vérifie sans Réglo.",
    ),
)


def attestation(*, company: Company | None, publisher: str, today: date) -> str:
    """The text to read, complete and sign. What is not known is left as dots."""
    blank = "…………………………"
    major = reglo.__version__.partition(".")[0]
    conditions = "\n".join(
        f"  – {name} : {words.format(guards=len(GUARDS), proofs=len(PROOFS))}" for name, words in CONDITIONS
    )
    user = f"{company.name}, SIREN {company.siren or blank}" if company else blank
    since = f"{company.created_at.astimezone(company.zone):%d/%m/%Y}" if company else blank
    return f"""\
ATTESTATION INDIVIDUELLE RELATIVE À L’UTILISATION D’UN LOGICIEL
(3° bis du I de l’article 286 du code général des impôts, ou le texte qui le reprend)

Volet 1 – à remplir par l’éditeur
Je soussigné {blank}, représentant légal de {publisher or blank}, éditeur du logiciel,
atteste que le logiciel Réglo, version majeure {major} (version {reglo.__version__}), satisfait aux conditions
d’inaltérabilité, de sécurisation, de conservation et d’archivage des données :
{conditions}
La version majeure change quand l’une de ces quatre conditions change de fondement ; une version mineure n’y touche pas.
Signent : l’éditeur de cette version telle qu’il la publie. Qui en modifie le code pour ces conditions en devient
l’éditeur, et ne peut se prévaloir d’une attestation signée par un autre.
Fait à {blank}, le {today:%d/%m/%Y}                                  Signature : {blank}

Volet 2 – à remplir par l’entreprise qui utilise le logiciel
Je soussigné {blank}, représentant légal de {user}, certifie utiliser depuis le {since} le logiciel Réglo
désigné ci-dessus pour enregistrer les règlements de mes clients.
Fait à {blank}, le {blank}                                  Signature : {blank}

Une fausse attestation est un faux au sens de l’article 441-1 du code pénal. Ce texte prépare l’attestation ; il n’en
tient pas lieu tant que personne ne l’a signée. Voir « Attestation » dans le guide, pour ce qui reste à trancher.
"""
