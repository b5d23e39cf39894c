"""Docker and Compose: started, watched, removed."""
