"""`python -m validator` is `uclint`."""

from validator.adapters.cli import main

if __name__ == "__main__":
    main()
