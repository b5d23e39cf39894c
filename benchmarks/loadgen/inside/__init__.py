"""What runs in the container: the engine, what it is held against, the servers that they ask."""
