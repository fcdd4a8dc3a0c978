"""What invented households, visitors and advisers say. Nobody's words, everybody's situations."""

from atre.domain.households.enums import Difficulty

TOLD: dict[Difficulty, tuple[str, ...]] = {
    Difficulty.TOO_COLD_OR_HOT: (
        "Il fait 15 °C dans la chambre des enfants, on dort tous dans le salon l’hiver.",
        "Je garde mon manteau à la maison. Le chauffage tourne et on a froid quand même.",
        "L’été c’est intenable sous les toits, la petite ne dort plus.",
        "Les fenêtres laissent passer l’air, j’ai mis des couvertures devant.",
        "Je n’allume que deux heures le soir, sinon je ne peux pas payer.",
    ),
    Difficulty.HIGH_BILLS: (
        "La facture a doublé en un an, je ne comprends pas pourquoi.",
        "On m’a envoyé une régularisation de 840 € d’un coup.",
        "Je paie 190 € par mois d’électricité pour un deux-pièces.",
    ),
    Difficulty.TROUBLE_PAYING: (
        "J’ai deux factures de retard et j’ai peur de la coupure.",
        "Je paie le loyer d’abord, l’électricité après, quand il en reste.",
        "Je rembourse 40 € par mois sur un échéancier, c’est trop.",
    ),
    Difficulty.DAMP: (
        "Il y a des taches noires derrière le lit, elles reviennent après la javel.",
        "Le papier peint se décolle et le petit tousse tout l’hiver.",
        "L’eau coule sur les vitres le matin.",
    ),
}

HOUSEHOLD_WORDS = (
    "On vit dans une seule pièce de décembre à mars.",
    "Le propriétaire dit que c’est à nous d’aérer.",
    "Je voudrais juste comprendre ma facture.",
    "J’ai arrêté d’inviter ma sœur, j’ai honte du froid.",
    "Avec le petit radiateur on tient, mais la facture fait peur.",
    "Depuis la visite de l’an dernier chez ma voisine, je savais que ça existait.",
    None,
)

VISITOR_NOTES = (
    "Merci pour votre accueil. Commencez par une seule chose : fermer les volets dès la nuit tombée.",
    "Gardez le thermomètre dans la chambre : notez la température le matin pendant une semaine.",
    "Ne bouchez pas les grilles : c’est par elles que l’humidité s’en va.",
    None,
)

FINDINGS: dict[str, tuple[tuple[str, str | None], ...]] = {
    "draughty": (
        ("La fenêtre du séjour ferme mal : l’air passe en bas.", None),
        ("La porte d’entrée laisse un jour d’un centimètre.", None),
    ),
    "damp": (
        ("Des moisissures couvrent l’angle nord de la chambre.", "Ne dormez pas contre ce mur."),
        ("La bouche d’aération de la cuisine est obstruée.", "Ne la bouchez pas, même l’hiver."),
    ),
    "boiler": (
        ("La chaudière n’a pas été entretenue depuis plus d’un an.", "Un entretien par an est obligatoire."),
        ("Le circulateur fait du bruit et deux radiateurs restent froids en haut.", None),
    ),
    "electric": (
        ("Les convecteurs ont plus de vingt ans et n’ont pas de programmation.", None),
        ("Trois appareils chauffants sont branchés sur la même multiprise.", "Une multiprise ne supporte qu’un seul appareil chauffant."),
    ),
    "collective": (("Le chauffage collectif est réglé par l’immeuble, sans robinet chez vous.", None),),
    "stove": (("Le bois est stocké dehors sans abri et brûle mal.", "Faites ramoner deux fois par an."),),
    "any": (
        ("L’eau chaude est réglée à 70 °C.", "Au-dessus de 60 °C, on peut se brûler."),
        ("La puissance souscrite paraît trop élevée pour vos appareils.", None),
        ("Le réfrigérateur est collé au radiateur.", None),
    ),
}  # fmt: skip

NEXT_STEPS: tuple[tuple[str, str, str | None], ...] = (
    ("Poser le joint de fenêtre laissé sur place", "household", None),
    ("Relever le compteur le premier de chaque mois", "household", None),
    ("Appeler votre fournisseur pour un paiement mensuel", "household", None),
    ("Écrire au propriétaire au sujet des fenêtres", "agency", None),
    ("Vérifier vos droits au chèque énergie", "agency", None),
    ("Étudier une demande de FSL énergie", "partner", "Service social"),
    ("Passer voir les moisissures de la chambre", "partner", "Service d’hygiène"),
)

ROOMS = ("Séjour", "Chambre", "Chambre des enfants", "Cuisine", "Salle de bains")

NOTES = (
    "Appel : le ménage a reçu le courrier, il préfère être joint en fin de journée.",
    "La fille du ménage fait l’intermédiaire, elle a l’accord de sa mère.",
    "Message laissé sur le répondeur, deuxième tentative jeudi.",
    "Le ménage confirme que les factures sont rassemblées.",
    "Échange avec le CCAS : un secours d’urgence a déjà été versé au printemps.",
    "Le ménage hésite à cause du propriétaire. Rassuré : rien ne lui est transmis sans accord.",
)

TASKS = (
    "Rappeler le ménage pour l’avis d’imposition",
    "Demander au bailleur la date des travaux",
    "Relancer le service social sur le FSL",
    "Préparer la commission du mois",
    "Envoyer la copie du compte rendu au ménage",
    "Vérifier l’attestation du chèque énergie",
)

OVERRIDES = (
    "Séparation en cours : les revenus de l’avis sont ceux du couple, une seule personne reste.",
    "Perte d’emploi depuis l’avis : les ressources actuelles sont sous le plafond.",
)

CLOSINGS: dict[str, tuple[str, ...]] = {
    "withdrawn": ("Le ménage ne souhaite plus de visite.", "Le propriétaire refait les fenêtres."),
    "unreachable": ("Trois appels, un SMS et un courrier sans réponse.",),
    "moved": ("Le ménage a quitté le territoire.",),
    "not_eligible": ("Ressources au-dessus du plafond ; orienté vers le conseil de l’agence.",),
    "other": ("Travaux déjà engagés par la copropriété.",),
}

NO_SHOWS = ("Personne n’a répondu à l’interphone.", "Hospitalisation, prévenu par la voisine.")
CANCELS = ("Enfant malade, le ménage rappelle.", "Grève des transports.")

PURPOSES: dict[str, tuple[str, ...]] = {
    "ccas": ("Secours pour une facture d’électricité impayée de 310 €.", "Aide d’urgence avant la trêve hivernale."),
    "social": ("Demande de FSL énergie : deux factures de retard.", "Suivi social : le ménage vient de perdre un emploi."),
    "hygiene": ("Moisissures étendues dans une chambre d’enfant.", "Soupçon de logement indécent : ni aération ni chauffage fixe."),
    "caf": ("Décence du logement : le bailleur ne répond pas.",),
    "legal": ("Savoir ce que le bail oblige le propriétaire à faire.",),
    "supplier": ("Demande d’échéancier et d’arrêt des relances.",),
    "anah": ("Propriétaire très modeste : isolation des combles à étudier.",),
}  # fmt: skip
ACCEPTED = ("Rendez-vous proposé la semaine prochaine.", "Dossier ouvert, nous revenons vers vous.")
DECLINED = ("Ce ménage est déjà suivi par un autre service.", "Hors de nos critères cette année.")
DONE: dict[str, tuple[str, ...]] = {
    "ccas": ("Secours accordé et versé au fournisseur.",),
    "social": ("FSL accordé, suivi social ouvert.",),
    "hygiene": ("Visite du logement faite, rapport envoyé au propriétaire.",),
    "caf": ("Contrôle de décence fait, allocation consignée.",),
    "legal": ("Rendez-vous tenu, courrier type remis au locataire.",),
    "supplier": ("Échéancier mis en place, relances arrêtées.",),
    "anah": ("Projet de travaux ouvert avec le conseiller du guichet.",),
}
NO_ANSWER = "Sans réponse malgré les relances ; le ménage a été dirigé vers un autre service."

GOALS = (
    "Obtenir du bailleur le remplacement des fenêtres et apurer la dette d’électricité.",
    "Faire valoir les droits du ménage et l’aider à suivre ses dépenses d’énergie.",
    "Sortir du chauffage d’appoint au pétrole avant l’hiver.",
    "Monter le dossier de travaux avec le guichet France Rénov’.",
)
SUPPORT_WORDS: dict[str, tuple[str, ...]] = {
    "formalities": ("Demande de chèque énergie faite ensemble en ligne.", "Courrier de contestation de la régularisation."),
    "social_worker": ("Point avec l’assistante sociale : dossier FSL complet.",),
    "employment": ("Rendez-vous pris avec la mission locale.",),
    "call": ("Appel : la facture de janvier est arrivée, elle baisse.", "Appel : le propriétaire n’a pas répondu."),
    "home": ("Passage pour poser le film de survitrage et relire la facture.",),
}  # fmt: skip
OUTCOMES = (
    "Fenêtres changées, dette apurée à moitié. Le ménage sait à qui s’adresser.",
    "Droits ouverts, factures suivies chaque mois.",
    "Le bailleur ne s’est engagé à rien ; le ménage cherche un autre logement.",
)
PROBLEMS = (
    "Remplacer les fenêtres qui ne ferment plus et rétablir l’aération.",
    "Réparer le chauffage, en panne depuis deux hivers.",
    "Traiter l’humidité du mur nord et déboucher la ventilation.",
)
