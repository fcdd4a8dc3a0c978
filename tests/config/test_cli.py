"""The launcher teaches, refuses and recovers, before and after anything is installed."""

import argparse
import contextlib
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from atre.config import cli, environment, frontend, preparation, serving, stamps, testing
from atre.config.commands import test as test_command
from atre.config.commands import up
from atre.config.progress import StepFailed, run_logged, seconds, step

ROOT = Path(__file__).resolve().parents[2]


def atre(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "atre"), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )


def test_help_teaches_every_command_with_its_sentence():
    page = atre("--help")
    assert page.returncode == 0
    for name in cli.command_names():
        assert f"  {name} " in page.stdout
        assert cli.load(name).HELP in page.stdout
    assert "./atre up" in page.stdout


def test_without_a_word_the_help_is_shown():
    assert atre().stdout == atre("--help").stdout


def test_every_command_explains_itself_without_any_installed_library():
    # -S leaves site-packages out: this is what a newcomer's Python sees.
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); from atre.config import cli\n"
        "for name in cli.command_names(): cli.parser_of(name, cli.load(name)).format_help()\n"
        "print(cli.overview())"
    )
    page = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(ROOT / "src")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert page.returncode == 0, page.stderr
    assert "Premier démarrage" in page.stdout


def test_unknown_command_is_refused_with_the_known_ones():
    answer = atre("demarrer")
    assert answer.returncode == 2
    assert "« demarrer » n'est pas une commande" in answer.stderr
    assert "up" in answer.stderr


def test_wrong_option_is_refused_before_anything_is_installed():
    answer = atre("up", "--vite")
    assert answer.returncode == 2
    assert "--vite" in answer.stderr


def test_a_command_file_with_an_underscore_is_typed_with_a_dash(tmp_path, monkeypatch):
    (tmp_path / "create_agency.py").touch()
    (tmp_path / "__init__.py").touch()
    monkeypatch.setattr(cli, "COMMANDS", tmp_path)
    assert cli.command_names() == ["create-agency"]


def test_unknown_options_of_test_go_to_pytest_and_known_ones_do_not():
    module = cli.load("test")
    args = cli.parse("test", module, ["--fast", "-k", "communes", "tests/domain"])
    assert args.fast
    assert args.rest == ["-k", "communes", "tests/domain"]


def test_options_of_a_django_command_reach_django_whole():
    args = cli.parse("manage", cli.load("manage"), ["migrate", "--plan", "-v", "2"])
    assert args.arguments == ["migrate", "--plan", "-v", "2"]


def test_an_old_python_is_told_what_to_install():
    old = next((p for p in map(Path, old_pythons()) if p.is_file()), None)
    if old is None:
        pytest.skip("aucun Python plus ancien que 3.11 sur cette machine")
    answer = subprocess.run(
        [str(old), str(ROOT / "atre"), "--help"],
        capture_output=True,
        check=False,
        env={"PATH": "/nonexistent", "PYTHONIOENCODING": "utf-8"},
    )
    assert answer.returncode == 1
    assert "besoin de Python 3.11" in answer.stderr.decode()


def old_pythons() -> Iterator[str]:
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for name in ("3.7", "3.8", "3.9", "3.10"):
        yield f"/usr/bin/python{name}"
        yield from (str(path) for path in versions.glob(f"{name}.*/bin/python3"))


# --- stamps ---


def test_a_step_is_done_again_when_an_input_changes_or_the_stamp_is_missing(tmp_path):
    source, stamp = tmp_path / "core.txt", tmp_path / "stamps" / "core"
    source.write_text("django==5.2.19")
    first = stamps.fingerprint([source], "3.11")
    assert not stamps.is_fresh(stamp, first)
    stamps.write(stamp, first)
    assert stamps.is_fresh(stamp, stamps.fingerprint([source], "3.11"))
    assert not stamps.is_fresh(stamp, stamps.fingerprint([source], "3.12"))
    source.write_text("django==5.2.20")
    assert not stamps.is_fresh(stamp, stamps.fingerprint([source], "3.11"))


def test_a_missing_input_differs_from_an_empty_one(tmp_path):
    path = tmp_path / "package-lock.json"
    missing = stamps.fingerprint([path])
    path.touch()
    assert stamps.fingerprint([path]) != missing


def test_an_interrupted_installation_leaves_no_stamp_and_is_done_again(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "has_uv", lambda: False)
    attempts = []

    def cut_then_fine(command, **_):
        attempts.append(command)
        if len(attempts) == 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(environment, "run_logged", cut_then_fine)
    stamps.write(environment.stamp_of("core"), "an older set of requirements")
    with pytest.raises(KeyboardInterrupt):
        environment.install("core")
    assert not environment.stamp_of("core").exists()
    environment.install("core")
    assert environment.is_installed("core")
    assert "--require-hashes" in attempts[1]


@pytest.mark.parametrize(("develops", "removed"), [(True, 0), (False, 1)])
def test_node_leaves_once_it_has_built_unless_someone_develops(
    tmp_path, monkeypatch, develops, removed
):
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "only_one_installer", contextlib.nullcontext)
    commands = []
    monkeypatch.setattr(environment, "run_logged", lambda command, **_: commands.append(command))
    for group in ("node", *(["dev"] if develops else [])):
        stamps.write(environment.stamp_of(group), environment.expected_stamp(group))

    frontend.let_node_go()

    assert len(commands) == removed
    assert environment.is_installed("node") is develops


def test_pip_takes_over_aloud_when_uv_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "has_uv", lambda: True)
    commands = []

    def uv_fails(command, **_):
        commands.append(command)
        if "uv" in command:
            raise StepFailed("no index")

    monkeypatch.setattr(environment, "run_logged", uv_fails)
    environment.install("core")
    assert [("uv" in command) for command in commands] == [True, False]
    assert "nouvel essai avec pip" in capsys.readouterr().out


def test_an_environment_whose_interpreter_is_gone_is_not_trusted(tmp_path, monkeypatch):
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to("/nonexistent/python3.11")
    stamps.write(tmp_path / "stamps" / "venv", "3.11.7")
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(environment, "venv_python", lambda: python)
    environment.venv_version.cache_clear()
    assert environment.venv_version() is None
    environment.venv_version.cache_clear()


def test_without_ensurepip_the_debian_package_is_named(monkeypatch):
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StepFailed, match="apt install python3-venv"):
        environment.make_venv()


# --- steps seen by a person ---


def test_a_failed_program_shows_its_last_lines_and_where_the_rest_is(tmp_path):
    log = tmp_path / "npm.log"
    with pytest.raises(StepFailed, match="paquet introuvable") as failure:
        run_logged(["sh", "-c", "echo paquet introuvable; exit 3"], cwd=tmp_path, log=log)
    assert "code 3" in str(failure.value)
    assert str(log) in str(failure.value)


def test_a_program_that_does_not_exist_is_named(tmp_path):
    with pytest.raises(StepFailed, match="/nonexistent/npm ne démarre pas"):
        run_logged(["/nonexistent/npm"], cwd=tmp_path, log=tmp_path / "log")


def test_a_step_says_how_long_it_took_or_that_it_failed(capsys):
    with step("Paquets npm"):
        pass
    assert "✓ Paquets npm (0,0 s)" in capsys.readouterr().out
    with pytest.raises(ValueError, match="boom"), step("Paquets npm"):
        raise ValueError("boom")
    assert "✗ Paquets npm : échec." in capsys.readouterr().out


def test_durations_are_written_as_french_readers_do():
    assert seconds(0.44) == "0,4 s"
    assert seconds(125) == "2 min 05 s"


# --- serving ---


def test_a_taken_port_is_explained_with_a_free_one_and_a_free_port_is_accepted():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StepFailed, match=f"Le port {port} est déjà pris") as refusal:
            serving.check_port("127.0.0.1", port)
        assert "./atre up --port " in str(refusal.value)
        assert "\n" not in str(refusal.value)
    serving.check_port("127.0.0.1", port)


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port):
    with pytest.raises(StepFailed, match="de 1 à 65535"):
        serving.check_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(StepFailed, match="n'est pas une adresse de cette machine"):
        serving.check_port("192.0.2.1", 8101)


def test_when_one_child_ends_the_service_fails_and_stops_the_other():
    service = serving.Service("127.0.0.1", 8101)
    service.children = {
        "Le serveur web": subprocess.Popen(["sleep", "60"], start_new_session=True),
        "Le moteur de tâches": subprocess.Popen(["false"], start_new_session=True),
    }
    with pytest.raises(StepFailed, match="Le moteur de tâches s'est arrêté"):
        service.wait()
    service.stop()
    assert all(child.returncode is not None for child in service.children.values())


# --- the data folder ---


def test_the_secret_key_is_private_and_kept_across_starts(tmp_path, monkeypatch):
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("ATRE_SECRET_KEY")
    preparation.ensure_secret_key()
    path = tmp_path / "secret_key"
    first = path.read_text()
    assert len(first) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    preparation.ensure_secret_key()
    assert path.read_text() == first


def test_a_data_folder_started_empty_never_receives_the_demonstration(tmp_path, monkeypatch):
    monkeypatch.setenv("ATRE_DATA_DIR", str(tmp_path))
    assert up.wants_demonstration(empty=False)
    assert not up.wants_demonstration(empty=True)
    assert not up.wants_demonstration(empty=False)


# --- the verdict of ./atre test ---


def verdict(*codes: int, skipped: list[str] | None = None, narrowed=False, in_ci=False) -> int:
    phases = [testing.SQLITE, testing.POSTGRES]
    results = [testing.Result(phase, code, 1.0) for phase, code in zip(phases, codes, strict=False)]
    return test_command.conclude(results, skipped or [], narrowed=narrowed, in_ci=in_ci)


def test_all_phases_green_is_a_success_and_one_red_is_not():
    assert verdict(0, 0) == 0
    assert verdict(0, 1) == 1


def test_what_did_not_run_is_named_and_fails_only_in_ci(capsys):
    reason = "Navigateur, sur SQLite : il manque chromium"
    assert verdict(0, 0, skipped=[reason]) == 0
    assert f"non exécuté : {reason}" in capsys.readouterr().out
    assert verdict(0, 0, skipped=[reason], in_ci=True) == 1


def test_a_phase_without_any_test_fails_unless_the_person_chose_tests():
    assert verdict(0, 5) == 1
    assert verdict(0, 5, narrowed=True) == 0
    assert verdict(5, 5, narrowed=True) == 1


def test_nothing_run_at_all_is_a_failure():
    assert verdict() == 1


def test_every_phase_stands_in_one_lane_and_no_two_browsers_meet():
    assert sorted(phase.key for lane in testing.LANES for phase in lane) == sorted(
        phase.key for phase in testing.EVERY_PHASE
    )
    with_browsers = [lane for lane in testing.LANES if any(phase.in_browser for phase in lane)]
    assert len(with_browsers) == 1


def test_every_test_file_runs_on_the_embedded_database_or_without_one():
    def kept(phase: testing.Phase) -> set[Path]:
        ignored = [ROOT / argument.removeprefix("--ignore=") for argument in phase.arguments]
        files = (ROOT / "tests").rglob("test_*.py")
        return {path for path in files if not any(path.is_relative_to(one) for one in ignored)}

    assert kept(testing.PURE) | kept(testing.SQLITE) == set((ROOT / "tests").rglob("test_*.py"))
    assert kept(testing.PURE) & kept(testing.SQLITE) == set()


def test_a_phase_run_aside_keeps_its_words_and_its_verdict(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(testing, "VENV", tmp_path)
    found = testing.run_aside(
        testing.SQLITE, None, ["--collect-only", "-q", "-k", "nothing_named_so"]
    )

    assert found.code == test_command.NO_TEST_COLLECTED
    assert "Tests sur SQLite" in capsys.readouterr().out


def test_a_missing_browser_holds_back_the_browser_phases_only():
    phases = test_command.chosen_phases(
        argparse.Namespace(fast=False, postgres_only=False, browser_only=False)
    )
    held = [phase.title for phase in phases if test_command.lacks(phase, {"chromium"})]
    assert held == ["Navigateur, sur SQLite", "Parcours au navigateur, sur PostgreSQL"]


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    command = f"{sys.executable} -m atre rules show secrecy.protection --date 2026-01-01"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}

    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command} | true"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )

    assert "Traceback" not in done.stderr
    assert "BrokenPipe" not in done.stderr
