"""Pages of meetings: before and after, in the room, and the minutes."""
