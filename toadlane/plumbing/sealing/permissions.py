from toadlane.plumbing.access.principals import Permission, holds

# Nobody asks for it: it is done by the clock.
RUN = Permission("sealing.run", holds("system"))
