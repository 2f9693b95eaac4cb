"""`python -m ormlint`."""

import sys

from ormlint.hot import run

if __name__ == "__main__":
    sys.exit(run())
