"""Entry of the `heatwatch` command."""

import sys

from domain.collector import collector_seldom
from heatwatch.cli.codes import STOPPED


def main() -> None:
    collector_seldom()
    try:
        from heatwatch.cli import app as cli  # takes a moment, in which Ctrl-C may come

        code = cli.run()
    except KeyboardInterrupt:
        sys.stderr.write("heatwatch: stopped\n")
        code = STOPPED
    sys.exit(code)


if __name__ == "__main__":
    main()
