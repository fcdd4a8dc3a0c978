"""One spelling for the many ways a territory's name is written."""

import re
import unicodedata

SPELT_OUT = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "&": " et "})
ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "sts": "saints",
    "stes": "saintes",
    "cdx": "",
    "cedex": "",
}
# « 1er », « 13e » and « 3ème » name the same districts as 1, 13 and 3.
ORDINAL = re.compile(r"\b(\d+)(?:er|ere|e|eme|nd|nde)\b")
OVER = re.compile(r"\bs/\s*s\b")
ON = re.compile(r"\bs/")
NOT_NAME = re.compile(r"[^a-z0-9]+")
ARTICLES = frozenset({"le", "la", "les", "l"})
LINK_WORDS = ARTICLES | {"a", "au", "aux", "d", "de", "des", "du", "en", "et", "lez", "sous", "sur"}
# Legal forms written before the name proper: « CU Angers Loire Métropole », « CC du Perche ».
LEGAL_FORM = re.compile(
    r"^(?:cc|ca|cu|ept|communaute de communes|communaute d agglomeration|communaute urbaine"
    r"|etablissement public territorial)\s+(?:(?:de la|de l|du|des|de|d|le|la|les|l)\s+)?"
)


def normalise(name: str) -> str:
    """Lower case ASCII words with single spaces: « St-Étienne » → « saint etienne ».

    Accents, case, hyphens and apostrophes vanish; saint, sur and sous are written in full.
    """
    text = name.translate(SPELT_OUT).casefold()
    if not text.isascii():
        letters = unicodedata.normalize("NFKD", text)
        text = "".join(letter for letter in letters if not unicodedata.combining(letter))
    text = ON.sub("sur ", OVER.sub("sous ", text))
    text = ORDINAL.sub(r"\1", NOT_NAME.sub(" ", text))
    return " ".join(filter(None, (ABBREVIATIONS.get(word, word) for word in text.split())))


def without_article(normalised: str) -> str:
    """« le havre » → « havre »; what has no article, or nothing else, stays whole."""
    first, _, rest = normalised.partition(" ")
    return rest if rest and first in ARTICLES else normalised


def without_legal_form(normalised: str) -> str:
    """« cu angers loire metropole » → « angers loire metropole »."""
    return LEGAL_FORM.sub("", normalised) or normalised


def word_starts(normalised: str) -> list[str]:
    """The name read from each of its words that says something.

    « nogent sur marne » → [« nogent sur marne », « marne »].
    """
    words = normalised.split()
    return [
        " ".join(words[start:])
        for start, word in enumerate(words)
        if start == 0 or word not in LINK_WORDS
    ]
