from toadlane.plumbing.access.principals import Permission, holds

INSIDERS = holds("member", "board", "treasurer", "founder", "system")
ASK = Permission("simulations.ask", INSIDERS)
SEE = Permission("simulations.see", INSIDERS, scope="read")
# What single members earn is in the books, and read by whoever reads those.
SEE_OWN = Permission("simulations.see_own", INSIDERS, scope="read")
RUN = Permission("simulations.run", holds("system"))
