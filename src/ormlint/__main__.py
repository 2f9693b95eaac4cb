"""`python -m ormlint`."""

import sys

from ormlint.cli import main

if __name__ == "__main__":
    sys.exit(main())
