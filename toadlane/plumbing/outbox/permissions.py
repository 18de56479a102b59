from toadlane.plumbing.access.principals import Permission, holds

# Jobs belong to the server: whoever runs it sees them. A co-op sees what its own webhooks did, in their own room.
LOOK = Permission("outbox.look", holds("operator"), scope="read")
REPLAY = Permission("outbox.replay", holds("operator"))
