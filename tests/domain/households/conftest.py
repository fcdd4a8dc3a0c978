"""What every test of this room stands on."""

import pytest


@pytest.fixture(autouse=True)
def _in_an_agency(standing_in_the_first_agency: None) -> None:
    """See tests.support.standing."""
