"""Where the observatory keeps its files, under the one data folder."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class Folders:
    """The data folder, and what the warehouse has in it."""

    data: Path

    @property
    def reference(self) -> Path:
        """What was built from the packages installed with the product."""
        return self.data / "reference"

    @property
    def sources(self) -> Path:
        """The official files that people gave, read once: one folder a file, named by its content."""
        return self.data / "observatory" / "sources"

    @property
    def marts(self) -> Path:
        """The tables built from them, named by what they were built from."""
        return self.data / "observatory" / "marts"

    @property
    def edition(self) -> Path:
        """Which of these tables are served together."""
        return self.data / "observatory" / "edition.json"

    @property
    def drops(self) -> Path:
        """Files dropped on a page, until they are read, and how far each one is."""
        return self.data / "observatory" / "drops"

    @property
    def scratch(self) -> Path:
        return self.data / "observatory" / "scratch"


def data_folder() -> Folders:
    """The folders of this installation: ATRE_DATA_DIR, else `var` in the checkout."""
    return Folders(Path(os.environ.get("ATRE_DATA_DIR", ROOT / "var")).resolve())
