"""The word of a visit: who is who tonight, with nothing about anyone.

Trees, water and birds; no first names. The same words in both languages.
"""

import hashlib
from datetime import date
from functools import lru_cache

WORDS = (
    "Acacia", "Amélanche", "Armoise", "Aubier", "Aulne", "Avoine", "Bambou", "Bardane", "Bleuet", "Bouleau",
    "Bourgeon", "Branche", "Bruyère", "Canneberge", "Cèdre", "Chanvre", "Charme", "Chêne", "Chicorée",
    "Cône", "Cornouiller", "Écorce", "Épinette", "Érable", "Feuille", "Fougère", "Frêne", "Genévrier",
    "Genêt", "Gland", "Gui", "Hêtre", "Houx", "If", "Jonc", "Lichen", "Lierre", "Lotus", "Luzerne",
    "Mélèze", "Menthe", "Mousse", "Mûrier", "Myrtille", "Noisetier", "Noyer", "Orge", "Orme", "Osier",
    "Ortie", "Peuplier", "Pin", "Pissenlit", "Platane", "Pollen", "Pruche", "Quenouille", "Racine",
    "Rameau", "Résine", "Rhubarbe", "Ronce", "Roseau", "Sapin", "Sarrasin", "Sauge", "Saule", "Sève",
    "Sorbier", "Sumac", "Sureau", "Thé", "Thuya", "Tilleul", "Tournesol", "Tremble", "Trèfle", "Tronc",
    "Verger", "Viorne", "Anse", "Averse", "Baie", "Banquise", "Bassin", "Bruine", "Brume", "Cascade",
    "Chenal", "Courant", "Crique", "Delta", "Digue", "Dune", "Écluse", "Écume", "Embâcle", "Embruns",
    "Estuaire", "Étang", "Fjord", "Fleuve", "Flocon", "Galet", "Givre", "Glace", "Golfe", "Goutte", "Grève",
    "Gué", "Houle", "Lac", "Lagune", "Marais", "Marée", "Méandre", "Mer", "Neige", "Nuage", "Ondée",
    "Oasis", "Pluie", "Poudrerie", "Quai", "Rapide", "Récif", "Remous", "Ressac", "Rive", "Rosée",
    "Ruisseau", "Sable", "Source", "Tempête", "Torrent", "Tourbière", "Vague", "Vapeur", "Vent", "Verglas",
    "Aigrette", "Alouette", "Autour", "Balbuzard", "Bécasse", "Bernache", "Bruant", "Busard", "Butor",
    "Caille", "Canard", "Cardinal", "Chouette", "Cigogne", "Colibri", "Cormoran", "Corneille", "Courlis",
    "Cygne", "Eider", "Épervier", "Étourneau", "Faucon", "Fauvette", "Flamant", "Fou", "Garrot", "Geai",
    "Goéland", "Grèbe", "Grive", "Grue", "Guillemot", "Harfang", "Harle", "Héron", "Hibou", "Hirondelle",
    "Huart", "Ibis", "Jaseur", "Junco", "Lagopède", "Macareux", "Mésange", "Milan", "Moineau", "Mouette",
    "Oie", "Oriole", "Outarde", "Paruline", "Pélican", "Perdrix", "Pic", "Pinson", "Plongeon", "Pluvier",
    "Rossignol", "Sarcelle", "Sittelle", "Sizerin", "Sterne", "Tangara", "Tarin", "Tourterelle", "Vanneau",
    "Viréo",
)  # fmt: skip


@lru_cache(maxsize=64)
def words_of(day: date) -> tuple[str, ...]:
    """The list in the order of this service day, the same wherever it is asked."""
    return tuple(sorted(WORDS, key=lambda word: hashlib.sha256(f"{day}|{word}".encode()).digest()))


def word(day: date, number: int) -> str:
    """The word of the n-th arrival (from 1). After the last word the list begins again."""
    words = words_of(day)
    return words[(number - 1) % len(words)]
