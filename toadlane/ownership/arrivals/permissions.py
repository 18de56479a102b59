from toadlane.plumbing.access.principals import Permission, holds

# The machine that keeps the server may, too: whoever sits at it has the files and could do anything.
BRING_IN = Permission("arrivals.bring_in", holds("board", "system"), scope="money")
TIDY = Permission("arrivals.tidy", holds("system"))
