"""Communes of a file, found once each, and whether the programme covered them on a day."""

from datetime import date

from atre.calc.wording import date_fr
from atre.domain.agencies.models import Programme
from atre.domain.errors import InvalidInput
from atre.domain.territories.models import Commune, PerimeterMember, PostalCode
from atre.domain.territories.names import normalise
from atre.domain.territories.selectors import search_communes

MOST_NAMED = 4


class Places:
    """Lookups shared by all the lines of a file: a thousand lines name thirty communes."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme
        self.members = list(PerimeterMember.objects.filter(perimeter_id=programme.perimeter_id))
        self._found: dict[tuple[str, str], Commune | str] = {}
        self._codes: dict[str, list[str]] = {}

    def commune(self, typed: str, *, postal_code: str) -> Commune:
        """The commune that a name or an INSEE code means; `InvalidInput` when several could."""
        key = (typed, postal_code)
        if key not in self._found:
            self._found[key] = self._search(typed, postal_code)
        found = self._found[key]
        if isinstance(found, str):
            raise InvalidInput(found, field="commune")
        return found

    def _search(self, typed: str, postal_code: str) -> Commune | str:
        current = Commune.objects.filter(is_current=True)
        code = typed.zfill(5).upper()
        if len(typed) <= 5 and (commune := current.filter(pk=code).first()):
            return commune
        hits = [hit for hit in search_communes(typed) if hit.reason != "spelling"]
        if postal_code:
            hits = [hit for hit in hits if postal_code in hit.place.postal_codes] or hits
        wanted = normalise(typed)
        exact = [hit for hit in hits if hit.place.search_name == wanted]
        sure = exact if len(exact) == 1 else hits if len(hits) == 1 else []
        if sure:
            return current.get(pk=sure[0].place.insee)
        # Without the reference loaded, only the names of the tables are known.
        named = list(current.filter(search_name=wanted)[:2])
        if not hits and len(named) == 1:
            return named[0]
        if hits:
            names = ", ".join(hit.label for hit in hits[:MOST_NAMED])
            return f"Commune : « {typed} » peut désigner {names}. Écrivez son code Insee."
        return f"Commune : « {typed} » n’est pas connue. Écrivez son nom entier ou son code Insee."

    def check_covered(self, commune: Commune, *, on: date) -> None:
        """`InvalidInput` unless the programme's perimeter held the commune on that day."""
        covered = any(
            (member.valid_from is None or member.valid_from <= on)
            and (member.valid_to is None or on <= member.valid_to)
            and (
                member.commune_id == commune.pk
                or (
                    member.epci_id is not None
                    and member.epci_id in (commune.epci_id, commune.ept_id)
                )
            )
            for member in self.members
        )
        if not covered:
            raise InvalidInput(
                f"Commune : {commune.name} n’était pas dans le territoire de "
                f"« {self.programme.name} » le {date_fr(on)}.",
                field="commune",
            )

    def only_postal_code(self, commune: Commune) -> str:
        """The commune's postal code when it has a single one, else `InvalidInput`."""
        if commune.pk not in self._codes:
            codes = PostalCode.objects.filter(commune=commune).values_list("code", flat=True)
            self._codes[commune.pk] = list(codes)
        codes_of = self._codes[commune.pk]
        if len(codes_of) != 1:
            raise InvalidInput(
                f"Code postal : il manque, et {commune.name} n’en a pas un seul.",
                field="postal_code",
            )
        return codes_of[0]
