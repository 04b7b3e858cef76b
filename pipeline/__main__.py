"""The command `tocsin`: see `tocsin --help`."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C while it is still being loaded is no mistake either."""
    try:
        from pipeline.adapters.cli.app import main as run

        run()
    except KeyboardInterrupt:
        sys.stderr.write("tocsin: interrupted\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
