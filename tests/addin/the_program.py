"""evalxl of this clone, wherever it is called from."""

import sys
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    from evalxl.cli.main import main

    sys.exit(main())
