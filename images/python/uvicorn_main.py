"""uvicorn as it is set here: one process, the loop and the parser in C.

From the environment: LISTEN (address:port).
"""

from __future__ import annotations

import os

import uvicorn


def main() -> None:
    host, _, port = os.environ["LISTEN"].partition(":")
    uvicorn.run(
        "site_app:asgi",
        host=host,
        port=int(port),
        backlog=16384,  # what a guest may have at most
        loop="uvloop",
        http="httptools",
        lifespan="off",  # the application has nothing to prepare
        access_log=False,  # as all the others
        log_level="warning",
        proxy_headers=False,  # nothing in front of it sets any
        server_header=False,
        timeout_keep_alive=3600,  # connections are kept for good
        timeout_graceful_shutdown=5,  # the grace of the models
    )


if __name__ == "__main__":
    main()
