from toadlane.plumbing.access.principals import Permission, anyone, holds

READ = Permission("pages.read", anyone, scope="read")
WRITE = Permission("pages.write", holds("board", "founder", "enactment"))
