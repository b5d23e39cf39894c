"""What runs in the container: servers, what they are compared with, their clients."""
