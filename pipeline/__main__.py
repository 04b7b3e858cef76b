"""The command `tocsin`: see `tocsin --help`."""

from pipeline.adapters.cli.app import main

if __name__ == "__main__":
    main()
