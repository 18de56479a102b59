"""What a vote says: majorities, quorums, chambers, rankings, scores, budgets, consent. Pure: no rows, no clock."""
