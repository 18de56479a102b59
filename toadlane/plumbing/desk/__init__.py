"""What waits for a member: rooms say, the desk shows."""
