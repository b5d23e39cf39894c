"""What runs in the container of either benchmark. Standard library alone."""
