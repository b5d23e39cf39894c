"""How good the load engine is: `make generator` makes the table of docs/loadgen.md.

generator/          on the host: container, trials of the lab, verdicts, page
generator/inside/   in the container: the engine, what it is held against, the servers they ask
speed/              what the two benches share: container, reports of wrk and ab, servers
"""
