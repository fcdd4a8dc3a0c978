"""The three engines of the conformance tests, each opened once for all the tests."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import pytest

from atre.warehouse import engine
from atre.warehouse.engine import Engine

# What pyspark forgets to close when it starts is not ours to answer for.
SPARK_LEAVES_SOCKETS = [
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SAIL = """
import sys
from pysail.spark import SparkConnectServer
server = SparkConnectServer("127.0.0.1", 0)
server.start(background=True)
print("%s:%s" % server.listening_address, flush=True)
sys.stdin.read()
"""


@contextmanager
def opened(name: str) -> Iterator[Engine]:
    """An engine by its name; skips on a person's machine that has not got it, fails in CI."""
    lacking = missing(name)
    if lacking:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse(f"{name} ne tourne pas ici : il manque {lacking}")
    if name == "sail":
        with sail_server() as address, engine.opened(address) as found:
            yield found
    else:
        with engine.opened({"duckdb": "", "spark": "local[2]"}[name]) as found:
            yield found


def missing(name: str) -> str | None:
    """What this machine lacks to run an engine, in words."""
    if name != "duckdb" and find_spec("pyspark") is None:
        return "pyspark (./atre extra spark)"
    if name == "sail" and find_spec("pysail") is None:
        return "pysail (./atre extra sail)"
    if name == "spark" and shutil.which("java") is None:
        return "Java 17 (Debian : openjdk-17-jre-headless)"
    return None


@contextmanager
def sail_server() -> Iterator[str]:
    """Sail in a process of its own, as on a cluster: its address."""
    with subprocess.Popen(
        [sys.executable, "-c", SAIL],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield f"sc://{process.stdout.readline().strip()}"
        finally:
            process.stdin.close()
            process.wait(20)
