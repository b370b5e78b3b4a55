"""Entry of the `heatwatch` command."""

import sys

from heatwatch.cli_codes import STOPPED


def main() -> None:
    try:
        from heatwatch import cli  # takes a moment, in which Ctrl-C may come

        code = cli.run()
    except KeyboardInterrupt:
        sys.stderr.write("heatwatch: stopped\n")
        code = STOPPED
    sys.exit(code)


if __name__ == "__main__":
    main()
