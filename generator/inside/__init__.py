"""What runs inside the measuring container."""
