"""What is sent twice with the same key is done once, and answered as it was the first time."""
