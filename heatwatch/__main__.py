"""Entry of the `heatwatch` command."""

import sys

from heatwatch.cli import run


def main() -> None:
    sys.exit(run())


if __name__ == "__main__":
    main()
