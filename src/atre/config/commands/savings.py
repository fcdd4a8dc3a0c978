"""The measured saving of a meter, from its readings and the weather, or of many meters at once."""

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from atre.jobs.measured_saving import MeterVerdict
    from atre.jobs.measured_savings_fleet import FleetSummary

HELP = (
    "Mesure l'économie après travaux, corrigée de la météo, ou dit pourquoi elle ne se mesure pas."
)
EXAMPLES = (
    "./atre savings compteur.csv --weather meteo.csv --event 2024-11-15",
    "./atre savings compteur.csv --weather meteo.csv --event 2024-11-15 --json",
    "./atre savings --meters M.parquet --weather W.parquet --events E.csv --out R.parquet",
    "./atre savings --meters dossier --engine 'local[2]' --weather W.parquet --events E.csv --out R.parquet",
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "meter", nargs="?", type=Path, help="relevés : date,kwh ou start,end,kwh, ou fichier connu"
    )
    parser.add_argument(
        "--weather", type=Path, required=True, help="températures : date,temperature_c, en °C"
    )
    parser.add_argument("--event", type=date.fromisoformat, help="premier jour des travaux")
    parser.add_argument(
        "--works-end", type=date.fromisoformat, help="premier jour après les travaux (--event)"
    )
    parser.add_argument("--json", action="store_true", help="réponse pour un programme")
    parser.add_argument("--plot", type=Path, help="dessin, .svg ou .png (à côté, en .svg)")
    parser.add_argument("--no-plot", action="store_true", help="sans dessin")
    parser.add_argument("--confidence", type=float, default=0.9, help="de l'intervalle (0.9)")
    parser.add_argument("--price", type=float, help="euros TTC par kWh, le même avant et après")
    parser.add_argument(
        "--no-cooling", action="store_true", help="ne cherche pas de climatisation (gaz)"
    )
    parser.add_argument("--meter-id", help="compteur à prendre dans un fichier de plusieurs")
    parser.add_argument("--place", help="lieu à prendre dans un fichier météo de plusieurs")
    parser.add_argument("--meters", type=Path, help="beaucoup de compteurs : fichier Parquet")
    parser.add_argument(
        "--engine",
        help="compteurs en désordre, ou dossier de fichiers : duckdb, local[2], spark://…, sc://…",
    )
    parser.add_argument("--events", type=Path, help="CSV meter_id,event[,works_end,place,group]")
    parser.add_argument("--out", type=Path, help="Parquet à écrire, une ligne par compteur")


def run(args: argparse.Namespace) -> int:
    if args.meters:
        return run_fleet(args)
    if args.meter is None or args.event is None:
        print("Il faut un fichier de relevés et --event AAAA-MM-JJ.", file=sys.stderr)
        return 2
    return run_one(args)


def run_one(args: argparse.Namespace) -> int:
    from atre.calc.errors import CalcRefusal
    from atre.formats.reading import UnreadableFile
    from atre.jobs.measured_saving import Question, measure_files, refused_answer

    works_end = args.works_end or args.event
    if works_end < args.event:
        print("Les travaux finissent avant de commencer.", file=sys.stderr)
        return 2
    question = Question(
        works_start=args.event,
        works_end=works_end,
        confidence=args.confidence,
        fits_cooling=False if args.no_cooling else None,
        price_eur_per_kwh=args.price,
    )
    try:
        verdict = measure_files(
            args.meter, args.weather, question, meter_id=args.meter_id, place=args.place
        )
        drawn = draw(verdict, args)
    except (UnreadableFile, CalcRefusal) as refusal:
        return refused(refusal.message_fr, args, refused_answer)
    except OSError as fault:
        return refused(f"{fault.filename} : ce fichier ne s'ouvre pas.", args, refused_answer)
    if args.json:
        print(json.dumps(verdict.answer, ensure_ascii=False, indent=2))
        return 0
    print(page(verdict.answer))
    if drawn:
        print(f"\nDessin : {drawn}")
    return 0


def refused(message_fr: str, args: argparse.Namespace, refused_answer: Any) -> int:
    """A file that gives nothing: said on the error output, and as JSON when that is asked."""
    if args.json:
        answer = refused_answer([message_fr], ["unreadable_input"], args.confidence)
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    print(message_fr, file=sys.stderr)
    return 2


def run_fleet(args: argparse.Namespace) -> int:
    from atre.calc.errors import CalcRefusal
    from atre.formats.reading import UnreadableFile
    from atre.warehouse.engine import EngineMissing

    if args.events is None or args.out is None:
        print("Avec --meters, il faut aussi --events et --out.", file=sys.stderr)
        return 2
    try:
        done = measured(args)
    except (UnreadableFile, CalcRefusal, EngineMissing) as refusal:
        print(refusal.message_fr, file=sys.stderr)
        return 2
    except OSError as fault:
        print(f"{fault.filename} : ce fichier ne s'ouvre pas.", file=sys.stderr)
        return 2
    if args.json:
        print(json.dumps(done.as_dict(), ensure_ascii=False, indent=2))
        return 0
    print("\n".join(done.lines_fr()))
    return 0


def measured(args: argparse.Namespace) -> "FleetSummary":
    """The fleet, read in the order of its file, or brought together by an engine."""
    options = {"confidence": args.confidence, "fits_cooling": not args.no_cooling}
    if args.engine is None and not args.meters.is_dir():
        from atre.jobs.measured_savings_fleet import measure_fleet

        return measure_fleet(args.meters, args.weather, args.events, args.out, **options)
    from atre.jobs.measured_savings_partitions import measure_partitions
    from atre.warehouse import engine

    with engine.opened(args.engine) as opened:
        return measure_partitions(
            opened, [args.meters], args.weather, args.events, args.out, **options
        )


def draw(verdict: "MeterVerdict", args: argparse.Namespace) -> Path | None:
    """Write the drawing where it was asked; beside the readings, as SVG, when a person reads."""
    from dataclasses import asdict

    from atre.documents.savings_chart import SavingsChart, Step, savings_png, savings_svg

    path: Path | None = args.plot
    if args.no_plot or not verdict.stretches or (args.json and path is None):
        return None
    path = path or Path(f"{args.meter.stem}-economie.svg")
    title, notes = headline(verdict.answer)
    chart = SavingsChart(
        title=title,
        notes=notes,
        steps=[Step(**asdict(one)) for one in verdict.stretches],
        works_start=verdict.works_start,
    )
    if path.suffix.lower() == ".png":
        path.write_bytes(savings_png(chart))
    else:
        path.write_text(savings_svg(chart), encoding="utf-8")
    return path


def headline(answer: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    """The one message of the answer, and the line that qualifies it."""
    from atre.calc.wording import NO_BREAK, number_fr

    if answer["status"] == "refused":
        return "Économie non mesurée", tuple(answer["reasons"][:1])
    share, saving = answer["saving_share"], answer["saving_kwh"]
    if "interval_holds_zero" in answer["caution_codes"]:
        title = "Depuis les travaux, aucun écart que l’on puisse distinguer du hasard"
    else:
        title = changed_fr(share, saving)
    low, high = (number_fr(bound) for bound in answer["saving_interval_kwh"])
    return (
        title,
        (
            f"Consommation évitée : {number_fr(saving)}{NO_BREAK}kWh en {answer['reporting_days']} "
            f"jours, entre {low} et {high}{NO_BREAK}kWh "
            f"({number_fr(answer['confidence'] * 100)}{NO_BREAK}% de confiance).",
        ),
    )


def changed_fr(share: float | None, saving_kwh: float) -> str:
    from atre.calc.wording import NO_BREAK, number_fr

    amount = (
        f"{number_fr(abs(saving_kwh))}{NO_BREAK}kWh"
        if share is None
        else f"{number_fr(abs(share) * 100, 1)}{NO_BREAK}%"
    )
    word = "de moins" if saving_kwh >= 0 else "de plus"
    return f"Depuis les travaux, {amount} {word} qu’attendu à météo égale"


def page(answer: dict[str, Any]) -> str:
    """The answer for a reader."""
    from atre.calc.wording import NO_BREAK, euros_fr, number_fr

    title, notes = headline(answer)
    if answer["status"] == "refused":
        return "\n".join([title, *(f"  {reason}" for reason in answer["reasons"]), *inputs(answer)])
    kwh = {name: f"{number_fr(answer[name])}{NO_BREAK}kWh" for name in _KWH}
    lines = [
        title,
        *notes,
        "",
        f"  Année de référence     {kwh['baseline_kwh']} sur {answer['baseline_days']} jours",
        f"  Attendu sans travaux   {kwh['counterfactual_kwh']}",
        f"  Mesuré                 {kwh['reported_kwh']} sur {answer['reporting_days']} jours",
        f"  Différence brute       {kwh['raw_difference_kwh']}, dont "
        f"{kwh['weather_effect_kwh']} dus à la météo et au nombre de jours",
    ]
    euros = answer["constant_price"]
    if euros:
        low, high = (euros_fr(round(bound)) for bound in euros["saving_interval_eur"])
        lines.append(
            f"  À prix constant        {euros_fr(round(euros['saving_eur']))}, "
            f"entre {low} et {high}"
        )
    lines += ["", model_line(answer["model"])]
    lines += [f"Attention : {caution}" for caution in answer["cautions"]]
    return "\n".join([*lines, *inputs(answer)])


_KWH = (
    "baseline_kwh", "counterfactual_kwh", "reported_kwh", "raw_difference_kwh", "weather_effect_kwh",
)  # fmt: skip


def model_line(model: dict[str, Any]) -> str:
    from atre.calc.savings.model import ModelKind
    from atre.calc.wording import NO_BREAK, number_fr

    parts = [f"{number_fr(model['intercept'], 2)}{NO_BREAK}kWh par jour"]
    for slope, base, words in (
        ("beta_hdd", "heating_balance_point_c", "sous"),
        ("beta_cdd", "cooling_balance_point_c", "au-dessus de"),
    ):
        if model[slope] is not None:
            parts.append(
                f"{number_fr(model[slope], 2)}{NO_BREAK}kWh par degré {words} "
                f"{number_fr(model[base], 1)}{NO_BREAK}°C"
            )
    return (
        f"Modèle : {ModelKind(model['kind']).label_fr} ; {' + '.join(parts)} "
        f"(R² ajusté {number_fr(model['r2_adj'], 2)})."
    )


def inputs(answer: dict[str, Any]) -> list[str]:
    """What was not read in the files."""
    lines = [f"Attention : {said}" for said in answer.get("input_warnings", [])]
    for key, words in (("meter_file", "relevés"), ("weather_file", "météo")):
        seen = answer.get(key)
        if not seen:
            continue
        reasons = tuple(answer["reasons"])
        lines += [
            f"Fichier de {words} : {said}"
            for said in seen["warnings"]
            if not said.startswith(reasons)  # told already, as the refusal
        ]
        if seen["rejected_rows"]:
            first = seen["rejects"][0]
            count = seen["rejected_rows"]
            refused_fr = "1 ligne refusée" if count == 1 else f"{count} lignes refusées"
            lines.append(
                f"Fichier de {words} : {refused_fr}, dont la ligne {first['line']} : "
                f"{first['reason']}"
            )
    return lines
