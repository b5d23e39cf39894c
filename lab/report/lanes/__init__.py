"""The picture of a request: a lane for each process or thread, its system calls in their order."""
