"""Records the named files again; without a name, lists all names.

CONVSCOPE_DATA=FOLDER python -m tools.record homework-l1 by-hand      finds the data as the dashboard does
"""

import argparse
import sys

from core.data.dataset import DataError
from core.runs.folder import RunError
from tools.record.contents import CONTENTS
from tools.record.writer import record


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.record", description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="*", choices=[[], *CONTENTS], metavar="NAME", help="the files to record")
    names = parser.parse_args(arguments).name
    if not names:
        width = max(map(len, CONTENTS))
        print("\n".join(f"{name:<{width}}  {entry.sentence}" for name, entry in CONTENTS.items()))
    try:
        for name in names:
            print(record(name), flush=True)
    except (DataError, RunError) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
