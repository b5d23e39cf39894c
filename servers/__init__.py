"""The guests: seven server architectures around one HTTP engine and one application."""
