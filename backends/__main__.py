"""python -m backends: see backends/command_line.py."""

import sys


def main() -> int:
    try:
        from backends.command_line import main

        return main()
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
