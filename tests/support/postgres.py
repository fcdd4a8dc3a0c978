"""A PostgreSQL server for one run: started in a temporary folder, stopped and erased at the end.

Used by `./atre test` and by benchmarks. The role that Âtre connects with owns its database and is
not a superuser, so that row-level security applies to it as it does on a real server.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

ACCOUNT = "atre-tests"
SECONDS_TO_START = 30
# Nothing here outlives the run: durability is paid for by nobody.
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_connections": "60",
}


class PostgresUnavailable(Exception):
    """No server can be started here; the message says, in French, what is missing."""


@dataclass(frozen=True)
class Server:
    """Where a throw-away server listens. `url` is the application's, `admin_url` a superuser's."""

    port: int
    role: str
    password: str
    admin_password: str
    database: str

    @property
    def url(self) -> str:
        return self.url_of(self.database)

    @property
    def admin_url(self) -> str:
        return f"postgres://postgres:{self.admin_password}@127.0.0.1:{self.port}/postgres"

    def url_of(self, database: str) -> str:
        return f"postgres://{self.role}:{self.password}@127.0.0.1:{self.port}/{database}"


def binaries() -> Path | None:
    """The folder of initdb and postgres: on PATH, or the newest that Debian installed."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    installed = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    folders = sorted((path.parent for path in installed), key=lambda p: float(p.parent.name))
    return folders[-1] if folders else None


@contextmanager
def throwaway_server(settings: dict[str, str] | None = None) -> Iterator[Server]:
    """Yields a running Server.

    settings: server parameters added to those of a forgetful server, such as shared_buffers.
    Raises PostgresUnavailable when PostgreSQL is not installed or does not start.
    """
    folder = binaries()
    if folder is None:
        raise PostgresUnavailable("PostgreSQL n'est pas installé (Debian : postgresql)")
    owner = account()
    base = Path(tempfile.mkdtemp(prefix="atre-postgres-"))
    if owner is not None:
        os.chown(base, owner.pw_uid, owner.pw_gid)
    try:
        server = Server(
            port=free_port(),
            role="atre",
            password=secrets.token_hex(16),
            admin_password=secrets.token_hex(16),
            database="atre",
        )
        initialise(folder, base, owner, server.admin_password)
        with running(folder, base, owner, server.port, settings or {}):
            create_role_and_database(server)
            yield server
    finally:
        shutil.rmtree(base, ignore_errors=True)


def account() -> pwd.struct_passwd | None:
    """Whom the server runs as: oneself, or, as root (PostgreSQL refuses), a system account."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", ACCOUNT):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        raise PostgresUnavailable("le compte système du serveur PostgreSQL ne peut être créé")
    return pwd.getpwnam(ACCOUNT)


def start(
    command: Sequence[str], base: Path, owner: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    """A program run as the account, in a session of its own: Ctrl-C is ours to handle."""
    with (base / "server.log").open("ab") as log:
        return subprocess.Popen(
            command,
            cwd=base,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "HOME": str(base)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )


def initialise(
    folder: Path, base: Path, owner: pwd.struct_passwd | None, admin_password: str
) -> None:
    secret = base / "password"
    secret.touch(mode=0o600)
    secret.write_text(admin_password, encoding="ascii")
    if owner is not None:
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    command = [
        *(str(folder / "initdb"), "--pgdata", str(base / "data"), "--username", "postgres"),
        *("--pwfile", str(secret), "--auth", "scram-sha-256", "--encoding", "UTF8"),
        *("--locale", "C.UTF-8", "--no-sync"),
    ]
    if start(command, base, owner).wait():
        raise PostgresUnavailable(f"initdb a échoué : {last_lines(base)}")


@contextmanager
def running(
    folder: Path,
    base: Path,
    owner: pwd.struct_passwd | None,
    port: int,
    settings: dict[str, str],
) -> Iterator[None]:
    options = {
        **FAST_AND_FORGETFUL,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "port": str(port),
        **settings,
    }
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    process = start([str(folder / "postgres"), "-D", str(base / "data"), *arguments], base, owner)
    try:
        wait_until_it_listens(process, base, port)
        yield
    finally:
        # SIGINT is PostgreSQL's fast shutdown: it cuts the sessions still open.
        process.send_signal(2)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_it_listens(process: subprocess.Popen[bytes], base: Path, port: int) -> None:
    limit = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < limit:
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise PostgresUnavailable(f"PostgreSQL ne démarre pas : {last_lines(base)}")


def create_role_and_database(server: Server) -> None:
    with connect_as_admin(server) as connection:
        role = sql.Identifier(server.role)
        connection.execute(
            sql.SQL(
                "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE CREATEDB PASSWORD {}"
            ).format(role, sql.Literal(server.password))
        )
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(server.database), role)
        )


def connect_as_admin(server: Server) -> psycopg.Connection:
    """Opens a superuser session, trying again while the server still refuses ("starting up")."""
    limit = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return psycopg.connect(server.admin_url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > limit:
                raise
            time.sleep(0.1)


def last_lines(base: Path) -> str:
    return "\n".join((base / "server.log").read_text(errors="replace").splitlines()[-5:])


def free_port() -> int:
    """A port that nothing listens on; the system does not hand it out again at once."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
