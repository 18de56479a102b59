from toadlane.plumbing.access.principals import Permission, holds

RUN = Permission("billing.run", holds("system"))
REPORT = Permission("billing.report", holds("treasurer", "board"), scope="read")
