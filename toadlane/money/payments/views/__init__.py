"""Pages of payments: where one pays, what a member has earned, and the treasurer's desk."""
