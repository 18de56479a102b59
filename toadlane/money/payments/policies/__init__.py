"""What is asked of a payment before anything is sent. Pure."""
