"""One server of each model for the cases that leave it as they found it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from servers.runtime.knobs import MODELS
from tests.conformance.fake_redis import Store, fake_redis
from tests.conformance.running import Server, running

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def store() -> Iterator[Store]:
    """The Redis that the shared servers use."""
    with fake_redis() as running_store:
        yield running_store


OTHER_WAYS = ("epoll --trigger=edge", "preforked --accept-wait=poll")


@pytest.fixture(scope="package", params=(*MODELS, *OTHER_WAYS))
def server(request: pytest.FixtureRequest, store: Store) -> Iterator[Server]:
    """A shared server, stopped at the end by SIGTERM, which must then leave with an account."""
    model, *flags = request.param.split()
    flags += [f"--redis=127.0.0.1:{store.port}", "--idle-timeout=5s"]
    with running(model, *flags) as shared:
        yield shared
        assert shared.stop()["model"] == model


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> str:
    """Each model in turn, for the cases that start a server of their own."""
    return str(request.param)
