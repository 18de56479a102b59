from toadlane.plumbing.access.principals import Permission, holds

RUN = Permission("billing.run", holds("system"))
REPORT = Permission("billing.report", holds("treasurer", "board"), scope="read")
HAND_IN = Permission("billing.hand_in", holds("treasurer", "board"))
