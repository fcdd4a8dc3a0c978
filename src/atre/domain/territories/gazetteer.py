"""All names and codes of France in memory: search as one types, and exact resolution.

The whole list is 35 000 communes and never changes between two loadings: sorted keys and a
bisection answer in about a millisecond on any database, where LIKE '%…%' reads every row.
Pure: built from plain rows by `selectors` (database) or by the command line (reference file).
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from atre.domain.territories.errors import UnknownTerritory
from atre.domain.territories.names import (
    normalise,
    without_article,
    without_legal_form,
    word_starts,
)

Reason = Literal["name", "former", "postal_code", "insee", "spelling"]

AFTER_ANY_KEY = "\x7f"
INSEE = re.compile(r"\d[\dab]\d{3}", re.IGNORECASE)
CODE_START = re.compile(r"(?:\d{2,5}|\d[ab]\d{0,3})", re.IGNORECASE)
SIREN = re.compile(r"\d{9}")
NAME_WITH_DEPARTMENT = re.compile(r"(?P<name>.+?)\s*\(\s*(?P<department>\d[\dab]\d?)\s*\)", re.I)
SHORTEST_MISSPELT = 4
MOST_SUGGESTIONS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A commune of today. `population` is its municipal population, None when unknown."""

    insee: str
    name: str
    search_name: str
    department: str
    department_name: str
    region: str
    epci: str | None
    ept: str | None
    siren: str | None
    postal_codes: tuple[str, ...]
    population: int | None


@dataclass(frozen=True, slots=True)
class Grouping:
    """An EPCI or an EPT."""

    siren: str
    name: str
    search_name: str
    kind: str


class Former(NamedTuple):
    """A former code or name, or a city district; the name is None when the source has none."""

    code: str
    name: str | None
    search_name: str | None
    insee: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A commune found, and why.

    `via` is the postal code matched, or how to name what was (« ex-Arbignieu »,
    « Paris 13e Arrondissement », « ancien code 20004 »); None when the commune's own name or
    code matched.
    """

    place: Place
    reason: Reason
    via: str | None = None

    @property
    def label(self) -> str:
        """« Nogent-sur-Marne (94130) », « Arboys-en-Bugey (01300), ex-Arbignieu »."""
        place = self.place
        # Several postal codes: naming one of them would send « Paris » to its first district.
        code = place.postal_codes[0] if len(place.postal_codes) == 1 else place.department
        label = f"{place.name} ({self.via if self.reason == 'postal_code' else code})"
        return f"{label}, {self.via}" if self.via and self.reason != "postal_code" else label


class _Key(NamedTuple):
    """A searchable spelling; sorts by text first, which is what the bisection needs.

    `place` is a position in the list by decreasing population, so that it ranks by itself.
    """

    text: str
    inner: bool
    place: int
    former: str


class Gazetteer:
    """The index. Building it costs some tenths of a second; keep one per loaded vintage."""

    def __init__(
        self, places: Iterable[Place], formers: Iterable[Former], groupings: Iterable[Grouping]
    ) -> None:
        self.places = sorted(places, key=lambda place: (-(place.population or 0), place.name))
        self.by_insee = {place.insee: number for number, place in enumerate(self.places)}
        self.groupings = {grouping.siren: grouping for grouping in groupings}
        self.by_postal_code: dict[str, list[int]] = {}
        for number, place in enumerate(self.places):
            for code in place.postal_codes:
                self.by_postal_code.setdefault(code, []).append(number)
        self.sorted_postal_codes = sorted(self.by_postal_code)
        formers = [former for former in formers if former.insee in self.by_insee]
        self.by_former_code: dict[str, list[Former]] = {}
        for former in formers:
            self.by_former_code.setdefault(former.code, []).append(former)
        self.keys = sorted(self._keys(formers))
        self.whole_names: dict[int, list[_Key]] = {}
        for key in self.keys:
            if not key.inner:
                self.whole_names.setdefault(len(key.text), []).append(key)

    def _keys(self, formers: Iterable[Former]) -> Iterator[_Key]:
        for number, place in enumerate(self.places):
            yield from self._spellings(place.search_name, number, "")
        for former in formers:
            if former.name and former.search_name:
                number = self.by_insee[former.insee]
                if former.search_name != self.places[number].search_name:
                    yield from self._spellings(former.search_name, number, former.name)

    @staticmethod
    def _spellings(search_name: str, number: int, former: str) -> Iterator[_Key]:
        bare = without_article(search_name)
        for text in word_starts(search_name):
            yield _Key(text, text not in (search_name, bare), number, former)

    def search(self, text: str, limit: int = 10) -> list[Hit]:
        """Communes for what a person typed, the likeliest first; none when nothing is typed.

        A name (from its start or from an inner word, misspelt by a letter or two), a postal code
        or its start, an INSEE code, a former code or name, or a name with a code beside it.
        """
        words = normalise(text).split()
        codes = [word for word in words if CODE_START.fullmatch(word)]
        names = [word for word in words if word not in codes]
        if not words or limit < 1:
            return []
        if not names:
            hits = self._by_code(codes[0]) if len(codes) == 1 else []
        else:
            # « Paris 13 » is a name of its own; « Nogent 94 » is a name and a department.
            whole = " ".join(words)
            hits = self._by_name(whole, limit) or self._within(names, codes)
            hits = hits or self._by_words(names, codes) or self._by_spelling(whole)
        return hits[:limit]

    def _by_code(self, code: str) -> list[Hit]:
        code = code.upper()
        postal_codes = [code] if code in self.by_postal_code else []
        if code in self.by_insee or code in self.by_former_code or postal_codes:
            others = self._designated_by(code)
        else:
            start = bisect_left(self.sorted_postal_codes, code)
            end = bisect_left(self.sorted_postal_codes, code + AFTER_ANY_KEY)
            postal_codes, others = self.sorted_postal_codes[start:end], []
        served = sorted((n, code) for code in postal_codes for n in self.by_postal_code[code])
        hits = [Hit(self.places[number], "postal_code", code) for number, code in served]
        return _each_commune_once([*hits, *others])

    def _designated_by(self, insee: str) -> list[Hit]:
        """The commune of an INSEE code and those that a former INSEE code leads to."""
        current = (
            [Hit(self.places[self.by_insee[insee]], "insee")] if insee in self.by_insee else []
        )
        return [*current, *map(self._former_hit, self.by_former_code.get(insee, ()))]

    def _former_hit(self, former: Former) -> Hit:
        via = f"ex-{former.name}" if former.name else f"ancien code {former.code}"
        place = self.places[self.by_insee[former.insee]]
        if former.code == former.insee or (former.name or "").startswith(f"{place.name} "):
            via = former.name or former.code
        return Hit(place, "former", via)

    def _starting_with(self, text: str) -> list[_Key]:
        start = bisect_left(self.keys, (text,))
        return self.keys[start : bisect_left(self.keys, (text + AFTER_ANY_KEY,), lo=start)]

    def _by_name(self, text: str, limit: int | None = None) -> list[Hit]:
        """Exact names, then exact former names, then beginnings, then inner words."""
        ranked = sorted(
            (4 * key.inner + 2 * (key.text != text) + bool(key.former), key.place, key)
            for key in self._starting_with(text)
        )
        best: dict[int, _Key] = {}
        for _, number, key in ranked:
            best.setdefault(number, key)
            if len(best) == limit:
                break
        return [self._hit(key) for key in best.values()]

    def _hit(self, key: _Key) -> Hit:
        place = self.places[key.place]
        if not key.former:
            return Hit(place, "name")
        is_district = key.former.startswith(f"{place.name} ")
        return Hit(place, "former", key.former if is_district else f"ex-{key.former}")

    def _within(self, names: list[str], codes: list[str]) -> list[Hit]:
        if not codes:
            return []
        return [hit for hit in self._by_name(" ".join(names)) if _is_in(hit.place, codes)]

    def _by_words(self, names: list[str], codes: list[str]) -> list[Hit]:
        """Every word begins a word of the name, in any order: « maur fosses »."""
        longest_first = sorted(names, key=len, reverse=True)
        numbers = {key.place: key for key in self._starting_with(longest_first[0])}
        return [
            self._hit(numbers[number])
            for number in sorted(numbers)
            if _is_in(self.places[number], codes)
            and _has_words(self.places[number].search_name, longest_first)
        ]

    def _by_spelling(self, text: str) -> list[Hit]:
        """Whole names at one slip of the keyboard, two in a long name."""
        if len(text) < SHORTEST_MISSPELT:
            return []
        slips = allowed_slips(text)
        lengths = range(len(text) - slips, len(text) + slips + 1)
        keys = [key for length in lengths for key in self.whole_names.get(length, ())]
        found = process.extract(
            text,
            [key.text for key in keys],
            scorer=OSA.distance,
            score_cutoff=slips,
            limit=MOST_SUGGESTIONS * 4,
        )
        near = sorted((distance, keys[index].place, index) for _, distance, index in found)
        hits = (self._hit(keys[index]) for _, _, index in near)
        return _each_commune_once(replace(hit, reason="spelling") for hit in hits)

    def resolve(self, text: str) -> Place | Grouping:
        """The one territory that a SIREN, an INSEE code (former ones too) or a name designates.

        « Saint-Denis (93) » tells namesakes apart. Raises UnknownTerritory otherwise.
        """
        text = text.strip()
        compact = text.replace(" ", "")
        if SIREN.fullmatch(compact):
            return self._resolve_siren(compact)
        if INSEE.fullmatch(compact):
            return self._resolve_insee(compact.upper())
        return self._resolve_name(text)

    def _resolve_siren(self, siren: str) -> Place | Grouping:
        if siren in self.groupings:
            return self.groupings[siren]
        for place in self.places:
            if place.siren == siren:
                return place
        raise UnknownTerritory(f"Aucune intercommunalité ni commune n’a le SIREN {siren}.")

    def _resolve_insee(self, code: str) -> Place:
        if code in self.by_insee:
            return self.places[self.by_insee[code]]
        formers = self.by_former_code.get(code, [])
        if len(formers) == 1:
            return self.places[self.by_insee[formers[0].insee]]
        places = [hit.place for hit in self._by_code(code)]
        if formers:
            raise UnknownTerritory(
                f"L’ancien code Insee {code} mène à plusieurs communes.",
                [_designation(place) for place in places],
            )
        if places:
            raise UnknownTerritory(
                f"{code} est un code postal, pas un code Insee : précisez la commune.",
                [_designation(place) for place in places[:MOST_SUGGESTIONS]],
            )
        raise UnknownTerritory(f"Aucune commune n’a le code Insee {code}.")

    def _resolve_name(self, text: str) -> Place | Grouping:
        match = NAME_WITH_DEPARTMENT.fullmatch(text)
        department = match["department"].upper() if match else None
        wanted = normalise(match["name"] if match else text)
        for candidates in self._same_name(wanted, department):
            if len(candidates) == 1:
                return candidates[0]
            if candidates:
                raise UnknownTerritory(
                    f"« {text} » désigne plusieurs territoires : précisez.",
                    [_designation(candidate) for candidate in candidates],
                )
        raise UnknownTerritory(
            f"« {text} » n’est ni une commune ni une intercommunalité connue.",
            self._suggestions(wanted, text),
        )

    def _same_name(self, wanted: str, department: str | None) -> Iterator[list[Place | Grouping]]:
        """Candidates by decreasing exactness: today's whole names, looser ones, former names."""
        keys = [
            key
            for key in self._starting_with(wanted)
            if key.text == wanted
            and not key.inner
            and department in (None, self.places[key.place].department)
        ]
        current = {key.place: self.places[key.place] for key in keys if not key.former}
        groupings = [] if department else list(self.groupings.values())
        whole = [place for place in current.values() if place.search_name == wanted]
        yield [*whole, *(g for g in groupings if g.search_name == wanted)]
        yield [*current.values(), *(g for g in groupings if _loose(g) == _loosen(wanted))]
        yield list({key.place: self.places[key.place] for key in keys}.values())

    def _suggestions(self, wanted: str, text: str) -> list[str]:
        bare = _loosen(wanted)
        slips = allowed_slips(bare)
        near = [
            grouping
            for grouping in self.groupings.values()
            if len(bare) >= SHORTEST_MISSPELT
            and (
                bare in grouping.search_name
                or OSA.distance(bare, _loose(grouping), score_cutoff=slips) <= slips
            )
        ]
        places = [hit.place for hit in self.search(text, MOST_SUGGESTIONS)]
        return [*map(_designation, near[: MOST_SUGGESTIONS // 2]), *map(_designation, places)]


def allowed_slips(text: str) -> int:
    """Below eight letters a second slip makes another name more often than a misspelt one."""
    return 1 if len(text) < 8 else 2


def _loosen(normalised: str) -> str:
    return without_article(without_legal_form(normalised))


def _loose(grouping: Grouping) -> str:
    return _loosen(grouping.search_name)


def _designation(territory: Place | Grouping) -> str:
    """What to type to name this territory and no other."""
    if isinstance(territory, Grouping):
        return f"{territory.name} (SIREN {territory.siren})"
    return f"{territory.name} ({territory.department}), code Insee {territory.insee}"


def _is_in(place: Place, codes: list[str]) -> bool:
    """True when each code begins the department or a postal code of the commune."""
    known = (place.department.lower(), *place.postal_codes)
    return all(any(value.startswith(code) for value in known) for code in codes)


def _has_words(search_name: str, words: list[str]) -> bool:
    starts = search_name.split()
    return all(any(start.startswith(word) for start in starts) for word in words)


def _each_commune_once(hits: Iterable[Hit]) -> list[Hit]:
    once: dict[str, Hit] = {}
    for hit in hits:
        once.setdefault(hit.place.insee, hit)
    return list(once.values())
