from toadlane.plumbing.access.principals import Permission, holds

# What happens in a co-op leaves it here: the board decides where to.
LOOK = Permission("webhooks.look", holds("board", "founder"), scope="read")
MANAGE = Permission("webhooks.manage", holds("board", "founder"))
# The outbox carries events here, as the co-op itself.
TELL = Permission("webhooks.tell", holds("system"))
