from toadlane.plumbing.access.principals import Permission, holds

BUILD = Permission("demo.build", holds("operator"))
