"""The project measured against others: `make speed` and `make generator`, and their pages in docs/.

benchmarks/            on the host, what both share: runner, container, record, claims, page
benchmarks/inside/     in the container, what both share: rounds, clients, servers
benchmarks/servers/    the servers on their own, against nginx and others
benchmarks/loadgen/    the load engine, against wrk, ab, Locust's own user and arithmetic
"""
