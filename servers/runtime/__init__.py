"""What the models share of the operating system: sockets, signals, clocks, counters, Redis."""
