"""The code and the dated facts that decide what the tables hold: other ones make other tables.

Standard library only, 20 ms: it is asked at every start.
"""

import hashlib
from functools import cache
from pathlib import Path

WAREHOUSE = Path(__file__).parent
CALC = WAREHOUSE.parent / "calc"


@cache
def own_code() -> str:
    """A digest of the warehouse, of the calculations it calls and of their parameters."""
    digest = hashlib.sha256()
    for folder, kinds in ((WAREHOUSE, ("*.py",)), (CALC, ("*.py", "*.yaml", "*.csv"))):
        for kind in kinds:
            for path in sorted(folder.rglob(kind)):
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
