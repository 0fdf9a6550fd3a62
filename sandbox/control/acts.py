"""What can be made to go wrong, one button each, with the sentence that says what the shop should then do.

Each is a command that a test can send as well: `POST /_control/<command>` with the same values.
"""

from dataclasses import dataclass, field

DAY, HOUR = 86_400, 3600


@dataclass(frozen=True)
class Act:
    label: str
    sentence: str
    command: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Section:
    title: str
    acts: tuple[Act, ...]


def _forgery(label: str, how: str, sentence: str) -> Act:
    return Act(label, sentence, "events/last/deliver", {"how": how})


SECTIONS = (
    Section(
        "La livraison des notifications",
        (
            Act(
                "Retenir",
                "Plus rien n’est livré : le retour et les questions de la boutique suffisent.",
                "hold",
            ),
            Act("Relâcher", "Tout ce qui attend part.", "release"),
            Act("Livrer maintenant", "Tout ce qui attend, dans l’ordre.", "deliver"),
            Act(
                "Livrer à l’envers",
                "Le remboursement avant le paiement : les livres doivent finir pareils.",
                "deliver",
                {"order": "newest"},
            ),
            Act("Livrer dans le désordre", "Un ordre tiré au sort.", "deliver", {"order": "shuffled"}),
        ),
    ),
    Section(
        "La dernière notification",
        (
            _forgery("Livrer encore", "once", "Elle est connue : 200, et rien de plus."),
            _forgery("Livrer deux fois", "twice", "La même chose, à la suite."),
            Act(
                "Retarder d’une heure",
                "Elle arrive quand tout est déjà su.",
                "events/last/delay",
                {"seconds": str(HOUR)},
            ),
            Act("Perdre en route", "Elle n’arrive jamais : la boutique doit demander.", "events/last/drop"),
            _forgery("Mauvais secret", "wrong_secret", "Signée par un autre : 400."),
            _forgery("Corps modifié", "tampered", "La signature ne va plus avec le corps : 400."),
            _forgery("Signature ancienne", "stale", "Rejouée dix minutes plus tard : 400."),
            _forgery("Signature du futur", "future", "Une horloge est fausse : 400."),
            _forgery("Sans signature", "unsigned", "N’importe qui l’a envoyée : 400."),
            _forgery("Au nom d’un autre compte", "foreign_account", "Ce n’est pas le nôtre : 400."),
            _forgery("Dans l’autre mode", "other_mode", "Le réel chez l’essai, ou l’inverse : 400."),
        ),
    ),
    Section(
        "L’adresse de la boutique",
        (
            Act(
                "En panne pendant trois jours",
                "Stripe essaie, puis renonce : la boutique doit rattraper.",
                "endpoints/down",
            ),
            Act("En panne pendant une heure", "Un essai suivant passe.", "endpoints/down", {"seconds": str(HOUR)}),
            Act("Réparée", "Les essais suivants passent.", "endpoints/up"),
        ),
    ),
    Section(
        "L’API",
        (
            Act(
                "Perdre la prochaine réponse",
                "Le travail est fait sans que personne l’apprenne.",
                "mishap",
                {"kind": "lost_answer"},
            ),
            Act("Une erreur 500", "Rien n’est fait : à refaire plus tard.", "mishap", {"kind": "server_error"}),
            Act("Trop de demandes", "429 : à refaire plus tard.", "mishap", {"kind": "rate_limited"}),
            Act(
                "Panne générale",
                "Toutes les demandes échouent, jusqu’à nouvel ordre.",
                "mishap",
                {"kind": "server_error", "times": "0"},
            ),
            Act("Rétablir", "Tout va bien.", "mishap", {"kind": "none"}),
        ),
    ),
    Section(
        "Ailleurs",
        (
            Act(
                "Vendre 19,90 € hors de la boutique",
                "Un paiement qui n’est d’aucune facture : il ne doit rien régler.",
                "sales",
            ),
            Act("Une carte refusée hors de la boutique", "Rien ne doit bouger.", "sales", {"card": "4000000000000002"}),
        ),
    ),
    Section(
        "L’heure",
        (
            Act(
                "− 1 jour",
                "L’horloge recule : la boutique refuse de dater en arrière.",
                "clock",
                {"advance": str(-DAY)},
            ),
            Act("− 1 heure", "L’horloge recule un peu.", "clock", {"advance": str(-HOUR)}),
            Act("+ 1 heure", "Les essais suivants deviennent dus.", "clock", {"advance": str(HOUR)}),
            Act("+ 1 jour", "Les pages de paiement expirent.", "clock", {"advance": str(DAY)}),
            Act("+ 5 jours", "Les banques répondent aux prélèvements.", "clock", {"advance": str(5 * DAY)}),
            Act("+ 30 jours", "Un prélèvement peut être repris.", "clock", {"advance": str(30 * DAY)}),
            Act("Heure réelle", "Comme sur cette machine.", "clock", {"offset": "0"}),
        ),
    ),
)
