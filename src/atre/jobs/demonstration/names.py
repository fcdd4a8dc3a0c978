"""Invented people and streets. No surname or street here is meant to be anyone's."""

FIRST_NAMES = (
    *("Amina", "Bernard", "Chantal", "Djibril", "Élodie", "Fatoumata", "Gérard", "Hanae", "Ivan"),
    *("Josiane", "Karim", "Lucette", "Mamadou", "Nadège", "Omar", "Paulette", "Quentin", "Rosa"),
    *("Samira", "Thi Mai", "Ursule", "Victor", "Wassila", "Xavier", "Yvonne", "Zohra", "Antonio"),
    *("Beatriz", "Clément", "Denise", "Emre", "Francine", "Ghislaine", "Habib", "Inès", "Jeanne"),
    *("Kadiatou", "Léa", "Mireille", "Nour", "Oumou", "Patrick", "Renée", "Sylvie", "Tomasz"),
)

SURNAMES = (
    *("Aubeclaire", "Bakourané", "Belchaume", "Benhazrine", "Bourrelande", "Brindelaine"),
    *("Carmelande", "Chantefeuil", "Chaudelac", "Clairvoison", "Corvelande", "Dembaliyé"),
    *("Desfenêtres", "Diarrabou", "Doucemane", "Duparvent", "Elkhamoune", "Essoumbaye"),
    *("Fagotière", "Ferrandelle", "Fontegrise", "Gardafeu", "Gomezanes", "Grandeveille"),
    *("Haddoumane", "Hautecroze", "Hivernoux", "Issoufaré", "Jolivane", "Kaboumaré"),
    *("Karadelen", "Kowalisse", "Lachaumine", "Lafeuillie", "Lampaduc", "Lavalhoure"),
    *("Lemarbrois", "Maisondoux", "Malapaille", "Mazouride", "Mbayendé", "Montaigrain"),
    *("Moutadier", "Nguyelan", "Noirépine", "Ouzoulane", "Palombarde", "Pereirade", "Pluvinel"),
    *("Portechaud", "Quenouillard", "Rabaslaine", "Radjiane", "Ramonage", "Rivesaude"),
    *("Rochefenaille", "Sandjelé", "Sauvelande", "Soubregarde", "Tiédoux", "Tisonnet"),
    *("Touramandé", "Tournebrise", "Tranelong", "Valdemousse", "Verdelaine", "Yildizane"),
)

STREETS = (
    *("rue des Volets-Tirés", "impasse du Poêle-Éteint", "allée de la Laine-Peignée"),
    *("avenue des Courants-d’Air", "place du Thermomètre", "rue du Radiateur-Tiède"),
    *("chemin des Bûches-Sèches", "rue de la Bouillotte", "square des Édredons"),
    *("rue du Double-Vitrage", "allée des Rideaux-Épais", "rue de l’Écharpe-Oubliée"),
    *("boulevard de la Chaudière", "passage du Calorifère", "rue des Trois-Pulls"),
    *("sentier de la Braise", "rue du Joint-Neuf", "cours des Matins-Frais", "rue de la Soupière"),
)

EXTRAS = ("", "", "", "Bâtiment B, 3e étage", "2e étage gauche", "Escalier C", "Rez-de-chaussée")

PREFERENCES = (
    *("", "", "", "Le matin, par téléphone", "Après 17 h, en semaine", "Par SMS d’abord"),
    *(
        "Par courriel : travaille de nuit",
        "Passer par sa fille, aidante",
        "Mercredi toute la journée",
    ),
)

# Numbers that the Arcep keeps for fiction: nobody answers them (décision n° 2018-0881).
MOBILE_FOR_FICTION = "063998"
LANDLINE_FOR_FICTION = {"idf": "019900", "ouest": "026191", "sud_est": "046571"}
