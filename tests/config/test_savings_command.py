"""`./atre savings`: one meter, its drawing, its refusals; many meters, written whole or not at all."""

import json
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from atre.config import cli
from tests.calc.savings_cases import SHARED, needs

EVENT = date(2024, 11, 15)
FIRST = EVENT - timedelta(days=400)
DAYS = 780
SAVED = 0.2


def temperatures() -> np.ndarray:
    day = np.arange(DAYS)
    rng = np.random.default_rng(5)
    return (11 - 8 * np.cos((day - 100) * 2 * np.pi / 365.25) + rng.normal(0, 3, DAYS)).round(2)


def use(factor: float = 1.0) -> np.ndarray:
    rng = np.random.default_rng(6)
    kwh = 6 + 2.5 * np.maximum(15.5 - temperatures(), 0) + rng.normal(0, 1.5, DAYS)
    return np.abs(np.where(np.arange(DAYS) >= 400, kwh * (1 - SAVED), kwh) * factor).round(3)


def days() -> list[date]:
    return [FIRST + timedelta(days=place) for place in range(DAYS)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "w.csv", "date,temperature_c", zip(days(), temperatures(), strict=True))
    write(tmp_path / "m.csv", "date,kwh", zip(days(), use(), strict=True))
    return tmp_path


def write(path: Path, titles: str, rows) -> None:
    lines = [",".join(str(cell) for cell in row) for row in rows]
    path.write_text("\n".join([titles, *lines]) + "\n", encoding="utf-8")


def answer(capsys, *arguments: str) -> tuple[int, dict]:
    code = cli.main(["savings", *arguments, "--json"])
    return code, json.loads(capsys.readouterr().out)


ONE = ("m.csv", "--weather", "w.csv", "--event", EVENT.isoformat())


def test_a_known_saving_is_measured_within_its_interval(folder, capsys):
    code, found = answer(capsys, *ONE)
    assert code == 0
    assert found["status"] == "measured"
    assert found["reasons"] == []
    assert found["model"]["kind"] in ("hdd_only", "cdd_hdd")
    assert found["model"]["beta_hdd"] == pytest.approx(2.5, rel=0.1)
    assert found["model"]["heating_balance_point_c"] == pytest.approx(15.5, abs=1)
    low, high = found["saving_interval_kwh"]
    assert low <= SAVED * found["counterfactual_kwh"] <= high
    assert found["confidence"] == 0.9
    assert found["saving_kwh"] == pytest.approx(found["counterfactual_kwh"] - found["reported_kwh"])
    assert {"intercept", "beta_cdd", "cooling_balance_point_c", "r2_adj", "cvrmse"} <= set(
        found["model"]
    )


def test_the_page_says_the_saving_its_interval_and_what_weather_did(folder, capsys):
    assert cli.main(["savings", *ONE, "--price", "0.10"]) == 0
    said = capsys.readouterr().out
    assert "de moins qu’attendu à météo égale" in said
    assert "90\u00a0% de confiance" in said
    assert "dus à la météo" in said
    assert "À prix constant" in said
    assert (folder / "m-economie.svg").read_text(encoding="utf-8").startswith("<svg")


@pytest.mark.parametrize(("name", "first_bytes"), [("x.svg", b"<svg"), ("x.png", b"\x89PNG")])
def test_the_drawing_is_svg_or_png_as_asked(folder, capsys, name, first_bytes):
    assert cli.main(["savings", *ONE, "--plot", name, "--json"]) == 0
    assert (folder / name).read_bytes().startswith(first_bytes)


def test_json_draws_nothing_unless_asked(folder, capsys):
    answer(capsys, *ONE)
    assert list(folder.glob("*.svg")) == []


def test_bills_are_read_by_their_start_and_end(folder, capsys):
    edges = list(range(40, 761, 30))
    total = np.concatenate([[0], np.cumsum(use())])
    rows = [
        (FIRST + timedelta(days=start), FIRST + timedelta(days=end), total[end] - total[start])
        for start, end in pairwise(edges)
    ]
    write(folder / "m.csv", "start,end,kwh", rows)
    code, found = answer(capsys, *ONE)
    assert code == 0
    assert found["resolution"] == "bills"
    assert found["status"] == "measured"
    assert found["saving_share"] == pytest.approx(SAVED, abs=0.04)


def test_a_fahrenheit_series_is_refused_by_its_range(folder, capsys):
    fahrenheit = (temperatures() * 1.8 + 32).round(2)
    write(folder / "w.csv", "date,temperature_c", zip(days(), fahrenheit, strict=True))
    code, found = answer(capsys, *ONE)
    assert code == 0
    assert found["status"] == "refused"
    assert found["reason_codes"] == ["fahrenheit_temperatures"]
    assert "Fahrenheit" in found["reasons"][0]
    assert found["saving_kwh"] is None
    assert found["model"] is None


def test_a_person_is_told_of_degrees_fahrenheit_once_and_the_reader_of_the_file_too(folder, capsys):
    fahrenheit = (temperatures() * 1.8 + 32).round(2)
    write(folder / "w.csv", "date,temperature_c", zip(days(), fahrenheit, strict=True))
    assert cli.main(["savings", *ONE]) == 0
    assert capsys.readouterr().out.count("en degrés Fahrenheit") == 1
    assert cli.main(["read", "w.csv"]) == 0
    told = capsys.readouterr().out
    assert "en degrés Fahrenheit" in told
    assert "aucune économie ne sera mesurée" in told


def test_eleven_months_are_refused_with_their_number_of_days(folder, capsys):
    rows = list(zip(days(), use(), strict=True))[66:]
    write(folder / "m.csv", "date,kwh", rows)
    _, found = answer(capsys, *ONE)
    assert found["status"] == "refused"
    assert found["reason_codes"] == ["baseline_not_a_year"]
    assert "334 jours" in found["reasons"][0]


def test_text_doubles_and_disorder_are_counted_and_do_not_stop_the_measure(folder, capsys):
    rows = [(day, kwh) for day, kwh in zip(days(), use(), strict=True)]
    rows[10] = (rows[10][0], "abc")
    rows.append(rows[20])
    rows[30], rows[31] = rows[31], rows[30]
    write(folder / "m.csv", "date,kwh", rows)
    code, found = answer(capsys, *ONE)
    assert code == 0
    assert found["status"] == "measured"
    assert found["meter_file"]["rejected_rows"] == 1
    assert found["meter_file"]["rejects"][0]["line"] == 12
    assert len(found["meter_file"]["warnings"]) == 2


def test_a_day_read_twice_with_two_values_refuses_the_meter(folder, capsys):
    rows = [*zip(days(), use(), strict=True), (days()[300], 99.0)]
    write(folder / "m.csv", "date,kwh", rows)
    _, found = answer(capsys, *ONE)
    assert found["reason_codes"] == ["repeated_days"]


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "vide"), (b"%PDF-1.7", "PDF"), (b"a,b\n1,2\n", "connu"), (b"\x00\x01", "texte")],
)
def test_a_file_that_gives_nothing_is_said_in_one_sentence(folder, capsys, content, words):
    (folder / "m.csv").write_bytes(content)
    assert cli.main(["savings", *ONE, "--json"]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert json.loads(said.out)["status"] == "refused"


def test_a_missing_file_is_said(folder, capsys):
    assert cli.main(["savings", "absent.csv", *ONE[1:]]) == 2
    assert "absent.csv" in capsys.readouterr().err


FLEET = (
    "--meters",
    "M.parquet",
    "--weather",
    "W.parquet",
    "--events",
    "E.csv",
    "--out",
    "R.parquet",
)


@pytest.fixture
def fleet(folder: Path) -> Path:
    """Twelve comparison dwellings without saving but 5 % for all, one treated, one without works."""
    names = [f"c{number:02d}" for number in range(12)] + ["treated", "unknown"]
    after = np.arange(DAYS) >= 400
    plain = use() / np.where(after, 1 - SAVED, 1)
    tables = []
    for place, name in enumerate(names):
        rng = np.random.default_rng(place)
        kwh = plain * np.where(after, 0.95 if name != "treated" else 0.8, 1)
        kwh = np.abs(kwh + rng.normal(0, 0.5, DAYS))
        tables.append(pa.table({"meter_id": [name] * DAYS, "date": pa.array(days()), "kwh": kwh}))
    pq.write_table(pa.concat_tables(tables), folder / "M.parquet")
    weather = pa.table({"date": pa.array(days()), "temperature_c": temperatures()})
    pq.write_table(weather, folder / "W.parquet")
    write(
        folder / "E.csv",
        "meter_id,event,group",
        [(name, EVENT, "comparison" if name[0] == "c" else "") for name in names[:-1]],
    )
    return folder


def test_a_fleet_is_measured_and_its_comparison_group_taken_off(fleet, capsys):
    code, summary = answer(capsys, *FLEET)
    assert code == 0
    assert (summary["meters"], summary["measured"]) == (13, 13)
    assert summary["meters_without_works"] == 1
    assert summary["comparison_group"]["share"] == pytest.approx(0.05, abs=0.01)
    rows = {row["meter_id"]: row for row in pq.read_table(fleet / "R.parquet").to_pylist()}
    treated = rows["treated"]
    assert treated["saving_kwh"] / treated["counterfactual_kwh"] == pytest.approx(0.2, abs=0.02)
    assert treated["net_saving_kwh"] / treated["counterfactual_kwh"] == pytest.approx(
        0.15, abs=0.02
    )
    assert (
        treated["net_saving_low_kwh"] < treated["net_saving_kwh"] < treated["net_saving_high_kwh"]
    )
    assert rows["c03"]["net_saving_kwh"] is None


def test_a_fleet_and_a_single_meter_give_the_same_saving(fleet, capsys):
    answer(capsys, *FLEET)
    table = pq.read_table(fleet / "M.parquet").filter(pa.compute.field("meter_id") == "treated")
    write(fleet / "m.csv", "date,kwh", zip(days(), table["kwh"].to_pylist(), strict=True))
    _, alone = answer(capsys, *ONE)
    rows = {row["meter_id"]: row for row in pq.read_table(fleet / "R.parquet").to_pylist()}
    assert rows["treated"]["saving_kwh"] == pytest.approx(alone["saving_kwh"], rel=1e-6)
    assert rows["treated"]["kind"] == alone["model"]["kind"]


def test_a_fleet_that_cannot_be_read_leaves_the_former_results_as_they_were(fleet, capsys):
    (fleet / "R.parquet").write_bytes(b"former")
    shuffled = pq.read_table(fleet / "M.parquet").sort_by("date")
    pq.write_table(shuffled, fleet / "M.parquet", row_group_size=1000)
    assert cli.main(["savings", *FLEET]) == 2
    assert "triez" in capsys.readouterr().err
    assert (fleet / "R.parquet").read_bytes() == b"former"
    assert [path.name for path in fleet.glob(".savings-*")] == []


def test_a_fahrenheit_fleet_is_refused_whole(fleet, capsys):
    table = pa.table({"date": pa.array(days()), "temperature_c": temperatures() * 1.8 + 32})
    pq.write_table(table, fleet / "W.parquet")
    assert cli.main(["savings", *FLEET]) == 2
    assert "Fahrenheit" in capsys.readouterr().err


@needs(SHARED / "grdf")
def test_the_gas_of_a_real_home_is_given_a_stated_verdict(folder, capsys):
    """Raw use fell by 6 328 kWh from one year to the next; weather explains more than two thirds."""
    import gzip

    weather = json.loads((SHARED / "grdf" / "temperatures.json").read_text(encoding="utf-8"))
    write(folder / "w.csv", "date,temperature_c", sorted(weather.items()))
    packed = (SHARED / "grdf" / "donnees_informatives.json.gz").read_bytes()
    (folder / "gas.json").write_bytes(gzip.decompress(packed))
    code, found = answer(capsys, "gas.json", "--weather", "w.csv", "--event", "2021-12-01")
    assert code == 0
    assert found["status"] == "measured"
    assert found["model"]["kind"] == "hdd_only"
    assert found["raw_difference_kwh"] == pytest.approx(6328)
    assert found["weather_effect_kwh"] == pytest.approx(4474, abs=1)
    assert found["saving_kwh"] == pytest.approx(1854, abs=1)
    low, high = found["saving_interval_kwh"]
    assert 0 < low < found["saving_kwh"] < high < found["raw_difference_kwh"]
