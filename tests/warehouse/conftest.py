from collections.abc import Iterator
from pathlib import Path

import pytest

from atre.warehouse.engine import Engine
from tests.support.observatory import SmallObservatory
from tests.warehouse import engines


@pytest.fixture
def observatory(tmp_path: Path) -> SmallObservatory:
    return SmallObservatory.at(tmp_path / "data")


@pytest.fixture(scope="session")
def duckdb() -> Iterator[Engine]:
    with engines.opened("duckdb") as found:
        yield found


@pytest.fixture(scope="session", params=["spark", "sail"])
def cluster(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with engines.opened(request.param) as found:
        yield found
