"""The web server and the task worker, started and stopped together."""

import errno
import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from types import FrameType

from atre.config.places import ROOT
from atre.config.progress import StepFailed

# Two processes use both cores of a small server; a second thread answers while one waits for
# the database. More threads only share the interpreter's lock.
WEB_PROCESSES = 2
WEB_THREADS = 2
SECONDS_TO_ANSWER = 60
SECONDS_TO_STOP = 15


def check_port(host: str, port: int) -> None:
    """Raises StepFailed in one sentence when this address cannot be listened on."""
    if not 0 < port < 65536:
        raise StepFailed(f"{port} n'est pas un port : il en faut un de 1 à 65535.")
    try:
        bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            other = next((p for p in range(port + 1, port + 50) if is_free(host, p)), None)
            advice = f", ou prenez-en un autre : ./atre up --port {other}" if other else ""
            raise StepFailed(
                f"Le port {port} est déjà pris : arrêtez le programme qui l'occupe{advice}."
            ) from error
        if error.errno == errno.EACCES:
            raise StepFailed(
                f"Le port {port} est réservé : prenez-en un de 1024 ou plus."
            ) from error
        raise StepFailed(f"« {host} » n'est pas une adresse de cette machine.") from error


def bind(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))


def is_free(host: str, port: int) -> bool:
    try:
        bind(host, port)
    except OSError:
        return False
    return True


def server_command(host: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(WEB_PROCESSES), "--blocking-threads", str(WEB_THREADS)),
        *("--log-level", "warning", "--respawn-failed-workers", "--workers-kill-timeout", "5"),
        "atre.config.wsgi:application",
    ]


def worker_command() -> list[str]:
    return [sys.executable, "-P", "-m", "atre", "worker"]


class Service:
    """The two children. In sessions of their own, so that Ctrl-C reaches only us and we stop
    them in order, once each."""

    def __init__(self, host: str, port: int) -> None:
        self.host, self.port = host, port
        self.stopping = threading.Event()
        self.children: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """The web server first: the worker would take half the machine while a person waits."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self.ask_to_stop)
        self.start_child("Le serveur web", server_command(self.host, self.port))
        self.wait_until_it_answers()
        if not self.stopping.is_set():
            self.start_child("Le moteur de tâches", worker_command())

    def start_child(self, name: str, command: list[str]) -> None:
        self.children[name] = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, start_new_session=True
        )

    def ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def wait_until_it_answers(self) -> None:
        """Returns once a page was answered; raises StepFailed when none can be."""
        limit = time.monotonic() + SECONDS_TO_ANSWER
        while time.monotonic() < limit and not self.stopping.is_set():
            self.fail_if_one_ended()
            if (status := self.status_of_home()) is not None:
                if status >= 500:
                    raise StepFailed(
                        f"La page d'accueil répond {status} : voyez l'erreur ci-dessus."
                    )
                return
            self.stopping.wait(0.1)
        if not self.stopping.is_set():
            raise StepFailed(f"Rien ne répond après {SECONDS_TO_ANSWER} s.")

    def status_of_home(self) -> int | None:
        connection = http.client.HTTPConnection(reachable(self.host), self.port, timeout=20)
        try:
            connection.request("GET", "/", headers={"Host": f"127.0.0.1:{self.port}"})
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            # Not listening yet, or closed while starting: the caller asks again.
            return None
        finally:
            connection.close()

    def fail_if_one_ended(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise StepFailed(f"{name} s'est arrêté (code {child.returncode}).")

    def wait(self) -> None:
        """Until someone asks to stop, or raises StepFailed when a child ends by itself."""
        while not self.stopping.wait(0.5):
            self.fail_if_one_ended()

    def stop(self) -> None:
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        limit = time.monotonic() + SECONDS_TO_STOP
        for child in self.children.values():
            try:
                child.wait(max(0.1, limit - time.monotonic()))
            except subprocess.TimeoutExpired:
                # Its own session: whatever it started goes with it.
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()


def reachable(host: str) -> str:
    """The address to call a server that listens on every interface."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # nosec B104: compared, never bound
