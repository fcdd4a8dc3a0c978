from pathlib import Path

import pytest

from tests.support.observatory import SmallObservatory


@pytest.fixture
def observatory(tmp_path: Path) -> SmallObservatory:
    return SmallObservatory.at(tmp_path / "data")
