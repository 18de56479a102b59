"""Named pure functions that a procedure of the bylaws may choose."""
