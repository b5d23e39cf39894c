"""How fast the servers are on their own: `make speed` makes the table of docs/performance.md.

speed/          on the host: image, container, progress, page
speed/inside/   in the container: rows, servers, clients (standard library alone)
"""
