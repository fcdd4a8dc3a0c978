"""Where things are in a checkout. Standard library only: read before anything is installed."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "requirements"


def venv_python() -> Path:
    return VENV / "bin" / "python"


def data_dir() -> Path:
    """The folder of everything that is neither code nor installed: database, files, logs."""
    return Path(os.environ.get("ATRE_DATA_DIR", ROOT / "var")).resolve()
