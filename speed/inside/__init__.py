"""What runs in the container: one row after the other, events on standard output."""
