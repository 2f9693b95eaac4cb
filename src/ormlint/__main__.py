"""`python -m ormlint`."""

import sys

from ormlint.hot import main

if __name__ == "__main__":
    sys.exit(main())
