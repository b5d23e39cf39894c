"""Properties are explored anew on a developer's machine; CI repeats one fixed exploration.

A change is to be judged by what it changed, not by an example that happened to be drawn today; what
is found at a desk becomes an explicit example of its test.
"""

from __future__ import annotations

import os

from hypothesis import settings

# No deadline: on a busy machine a slow example is no mistake of the code.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
