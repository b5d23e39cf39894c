"""How fast the servers are on their own: `make speed`, docs/performance.md."""
