from toadlane.plumbing.access.principals import Permission, anyone

# Whoever may ask may ask again; what they ask for judges for itself. Nothing here widens a token: its scope is asked there.
ASK_AGAIN = Permission("once.ask_again", anyone, scope="read")
