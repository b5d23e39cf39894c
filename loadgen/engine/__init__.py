"""The load itself: connections, loops, counts. Knows nothing of Locust."""
