"""Reading three files and saying of every line that cannot be what is wrong with it. Pure: bytes and facts in, a plan out."""
