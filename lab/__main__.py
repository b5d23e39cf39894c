"""`python -m lab`. While it reads itself in, Ctrl-C has nothing to clear up: it ends at once."""

import os
import signal

signal.signal(signal.SIGINT, lambda *_: os._exit(130))

from lab.commands.cli import main  # noqa: E402 - it takes a moment

raise SystemExit(main())
