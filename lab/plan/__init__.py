"""What was asked for, as trials."""
