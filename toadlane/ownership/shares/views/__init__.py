"""The pages of shares: members' own, and those of who keeps the register."""
