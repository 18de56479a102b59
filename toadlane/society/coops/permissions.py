from toadlane.plumbing.access.principals import Permission, holds

# A founding act opens a co-op; so does the operator at the command line.
OPEN = Permission("coops.open", holds("operator", "founder"))
EDIT = Permission("coops.edit", holds("board", "enactment"))
