"""The annex « Méthode et limites »: what the words under the tables mean."""

from atre.web.design.formatting import NBSP

METHOD: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "D’où viennent les chiffres",
        (
            "Chaque fichier officiel est lu une fois, ligne par ligne. Une ligne qui ne peut pas être lue "
            "est gardée à part avec sa raison. Les sommes des tables sont tenues contre celles des "
            "fichiers à chaque construction : un écart d’une ligne empêche de publier.",
        ),
    ),
    (
        "Communes d’une même année",
        (
            "Un fichier ancien parle de communes qui ont fusionné depuis : leurs chiffres vont à la "
            "commune d’aujourd’hui. Une commune divisée n’est pas partagée, faute de savoir comment : ses "
            "lignes restent à part et sont comptées.",
        ),
    ),
    (
        "Publié, estimé, reconstitué, secret, inconnu",
        (
            "Publiée : le producteur donne ce chiffre. Estimée : lui ou nous l’avons calculé, avec une "
            "méthode dite. Reconstituée : le chiffre est caché par son producteur, et les totaux publiés "
            "l’enferment dans un intervalle. Secrète : caché, sans intervalle utile. Inconnue : aucun "
            "fichier ne le donne. Rien de tout cela n’est un zéro.",
            "La part secrète compte les données élémentaires cachées parmi celles qui sont additionnées. "
            f"Une somme qui en manque est dite «{NBSP}au moins{NBSP}».",
        ),
    ),
    (
        "Ce qui s’additionne et ce qui ne s’additionne pas",
        (
            "Des habitants, des logements, des kilowattheures s’additionnent. Une médiane ou un taux de "
            "plusieurs communes ne se calcule pas à partir de ceux de chacune : ils sont donnés commune "
            "par commune, et l’on dit pour combien ils sont connus. Une part estimée par commune est "
            "pondérée par ses ménages.",
        ),
    ),
    (
        "Énergies",
        (
            "L’énergie est finale. Le gaz, publié en pouvoir calorifique supérieur (PCS), est montré en "
            "pouvoir calorifique inférieur (PCI), comme dans un PCAET. Les consommations sont celles de "
            "l’année ; un tableau à part donne celles des logements corrigées du climat, quand des "
            "températures ont été reçues.",
        ),
    ),
    (
        "Ce que ce document ne dit pas",
        (
            "Il ne juge pas une action : plusieurs émissions par secteur sont des répartitions "
            "nationales, qui ne bougent pas avec le territoire. Il ne remplace pas un diagnostic de "
            "terrain. Les chapitres sans fichier reçu le disent, et restent vides.",
        ),
    ),
)
