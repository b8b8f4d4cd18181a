"""What every release says about itself, in both languages (privacy.md, the printed promise, R12)."""

PROMISE = {
    "fr": (
        "Chaque chiffre provient de comptes arrondis au hasard, une seule fois, à un multiple de 5 (doses "
        "de naloxone : de 10). Un 0 veut dire de 0 à 4; un chiffre pour un site et une période peut "
        "s’écarter du compte réel d’au plus 4 (doses : 9). Les totaux sont les sommes des chiffres "
        "arrondis. Un chiffre publié ne change jamais; les saisies tardives sont comptées à part, une fois "
        "par année. Comparer les jours, les semaines, les mois, les sites ou d’anciens rapports n’apprend "
        "rien de plus que chaque chiffre. Nous ne publions aucune liste de visites; rien ici ne montre si "
        "une personne donnée est venue."
    ),
    "en": (
        "Every figure here comes from counts that were rounded at random, once, to a multiple of 5, before "
        "anyone outside the site saw them (naloxone doses: of 10). A 0 means 0 to 4, and any figure for one"
        " site and one period can be up to 4 above or below the real count (doses: 9). Totals are the sums "
        "of the rounded figures. A figure once published is never changed; late records are counted apart, "
        "once a year. Because all our reports are built from the same rounded figures, comparing days, "
        "weeks, months, sites or older reports cannot tell you more than each figure already says. We "
        "publish no list of visits or events, and nothing here can show whether a given person came."
    ),
}
METHOD = {
    "fr": (
        "Arrondir une fois, puis seulement additionner. Un plan de publication découpe chaque indicateur en"
        " périodes qui ne se recoupent pas. Chaque compte n = 5q + r devient 5q + 5 avec une probabilité de"
        " r/5, sinon 5q (doses : 10). Le tirage vient d’une clé secrète gardée hors de la base de données; "
        "il ne dépend pas du compte. Le résultat est inscrit une seule fois dans un registre où rien ne se "
        "modifie. Tout autre chiffre est une somme de chiffres de ce registre. Un jour est scellé deux "
        "jours plus tard à 6 h, un mois le 5, un trimestre le 10."
    ),
    "en": (
        "Round once, then only add up. A publication plan cuts each indicator into periods that do not "
        "overlap. Each count n = 5q + r becomes 5q + 5 with probability r/5, else 5q (doses: 10). The draw "
        "comes from a secret key kept outside the database and does not depend on the count. The result is "
        "written once in a ledger where nothing is changed. Every other figure is a sum of figures of this "
        "ledger. A day is sealed two days later at 6:00, a month on the 5th, a quarter on the 10th."
    ),
}
REGISTER = {
    "purposes": {
        "fr": "Informer la santé publique, les bailleurs de fonds et le public de l’activité des sites.",
        "en": "To tell public health, funders and the public what the sites do.",
    },
    "technique": "random rounding to base 5 or 10, once per base cell; totals are sums of rounded cells",
    "residual_risk": {
        "fr": (
            "Un 5 montre au moins un événement. Une personne qui sait qu’elle est venue lit « de 1 à 4 » "
            "dans un 0. Une autre publication de comptes exacts peut préciser ceux-ci."
        ),
        "en": (
            "A 5 shows at least one event. Someone who knows that they came reads “1 to 4” in a 0. Exact "
            "counts published by others may narrow these."
        ),
    },
    "review": "yearly, before the next plan",
}


def in_language(language: str, told: dict) -> dict:
    """A definition with its label and its text in one language."""
    return told | {"label": told[f"label_{language}"], "definition": told[f"definition_{language}"]}
