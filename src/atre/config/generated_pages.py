"""Reference pages printed from the code, so that they cannot say otherwise."""

from collections.abc import Callable

from atre.config.places import ROOT


def permissions_page() -> str:
    """The table of rights, as the code applies it."""
    from atre.domain.agencies.enums import Role
    from atre.domain.agencies.permissions import RIGHTS, Scope

    lines = [
        "# Qui peut faire quoi",
        "",
        "Page produite par `./atre docs` à partir de `domain/agencies/permissions.py`. "
        "Une case vide veut dire non ; ce qu’une personne ne peut pas voir n’existe pas pour elle "
        "(réponse 404).",
        "",
        "| Droit | " + " | ".join(role.label for role in Role) + " |",
        "|---|" + "---|" * len(Role),
    ]
    for key, right in RIGHTS.items():
        cells = [
            "" if (reach := right.scopes.get(role, Scope.NONE)) is Scope.NONE else reach.value
            for role in Role
        ]
        lines.append(f"| {right.label} (`{key}`) | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def case_states_page() -> str:
    """The life of a case: a drawing and a table."""
    from atre.domain.agencies.permissions import RIGHTS
    from atre.domain.households.enums import CaseState
    from atre.domain.households.states import TRANSITIONS

    lines = [
        "# La vie d’un dossier",
        "",
        "Page produite par `./atre docs` à partir de `domain/households/states.py`.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "  [*] --> received",
    ]
    lines += [f'  state "{state.label}" as {state.value}' for state in CaseState]
    for step in TRANSITIONS.values():
        if step.verb == "close":
            continue
        lines += [
            f"  {source.value} --> {step.target.value} : {step.label}"
            for source in sorted(step.sources)
        ]
    lines += [
        "  evaluated --> [*]",
        "  closed --> [*]",
        "```",
        "",
        "« Clore sans suite » part de tout état, sauf d’un dossier évalué ou déjà clos.",
        "",
        "| Passage | De | À | Droit | Motif demandé |",
        "|---|---|---|---|---|",
    ]
    for step in TRANSITIONS.values():
        sources = ", ".join(sorted(source.label for source in step.sources))
        right = RIGHTS[step.right].label if step.right else "fait par une autre action"
        reason = "oui" if step.needs_reason else ""
        lines.append(f"| {step.label} | {sources} | {step.target.label} | {right} | {reason} |")
    return "\n".join(lines) + "\n"


def indicators_page() -> str:
    """The catalogue of the observatory: what each indicator counts, and what to beware of."""
    from atre.config.indicators_page import page

    return page()


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/permissions.md": permissions_page,
    "docs/reference/case-states.md": case_states_page,
    "docs/reference/indicateurs.md": indicators_page,
}


def outdated() -> list[str]:
    """The pages whose file does not say what the code says."""
    return [
        name
        for name, page in PAGES.items()
        if not (ROOT / name).is_file() or (ROOT / name).read_text(encoding="utf-8") != page()
    ]


def write() -> list[str]:
    """Write the pages that changed; their names."""
    names = outdated()
    for name in names:
        (ROOT / name).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
    return names
