"""``python -m footprints`` is the command ``footprints``."""

from footprints.cli import main

main()
