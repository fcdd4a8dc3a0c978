"""`python -m atre <command>`, inside the environment that ./atre made."""

import sys

from atre.config.cli import main

sys.exit(main(sys.argv[1:]))
