"""What the models that block share: a worker that serves one client at a time."""
