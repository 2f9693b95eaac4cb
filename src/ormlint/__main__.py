"""`python -m ormlint`, for which Python looks into the current folder first: nothing of a project is run."""

import os
import sys

if __name__ == "__main__":
    here = os.getcwd()  # noqa: PTH109 - pathlib would be imported from there
    if not getattr(sys.flags, "safe_path", False) and sys.path[:1] == [here]:
        del sys.path[0]
    from ormlint.hot import run

    sys.exit(run())
