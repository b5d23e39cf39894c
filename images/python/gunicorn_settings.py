"""How gunicorn is set, whichever its worker class is; the pools are in docker-compose.yml.

From the environment: LISTEN (address:port) and PLACE (a folder in memory).
"""

import os

bind = os.environ["LISTEN"]
backlog = 16384  # what a guest may have at most
worker_tmp_dir = os.environ["PLACE"]  # where workers show that they live; the root is read-only
control_socket_disable = True  # for the same reason
# A worker of `sync` waits for its client's request as long as it takes, and its parent must not
# kill it for that: a run connects all its users before the first of them asks.
timeout = 0
keepalive = 3600  # connections are kept for good (`gthread`; `sync` closes after each answer)
worker_connections = 16384  # of `gthread`: as many as the event loops of the lab hold
# The limits of the models, as near as gunicorn's own allow.
limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
loglevel = "warning"  # and no access log, which is the default
