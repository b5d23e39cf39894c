"""How fast the servers are on their own: `make speed` makes the table of docs/performance.md.

speed/          on the host: image, container, progress, page
speed/forks.py  on demand, in the guest image: where the forking model's time goes
speed/inside/   in the container: rows, servers, clients (standard library alone)
"""
