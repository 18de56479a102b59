"""Look before you vote: what a change of the rules would have done to what really happened."""
