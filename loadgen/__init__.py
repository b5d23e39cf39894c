"""The load generator: Locust, an engine of our own, and the formats it shares with the lab.

`scenario` and `record` are the formats and import neither Locust nor gevent; the lab imports these
two and nothing else of this package. `python -m loadgen master|worker` runs Locust: `__main__`.
"""
