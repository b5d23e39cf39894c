"""One application for all tests: it never changes after its start."""

from __future__ import annotations

import pytest

from servers.app import Application
from tests.app.asking import SITE


@pytest.fixture(scope="session")
def app() -> Application:
    return Application("epoll", SITE)
