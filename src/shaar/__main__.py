"""Runs the command line as `python -m shaar`."""

import sys

from shaar.config.cli import main

if __name__ == "__main__":
    sys.exit(main())
