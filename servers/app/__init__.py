"""What is served, the same for all models: routes, static files, the guestbook."""

from servers.app.application import Application

__all__ = ["Application"]
