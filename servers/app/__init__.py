"""What is served, the same for all models: routes, static files, the guestbook."""
