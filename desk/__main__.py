"""`python -m desk` is `desk`."""

from desk.cli.main import main

main()
