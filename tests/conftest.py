"""Properties are explored anew on a developer's machine; CI repeats one fixed exploration.

A change is to be judged by what it changed, not by an example that happened to be drawn today; what
is found at a desk becomes an explicit example of its test.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")
