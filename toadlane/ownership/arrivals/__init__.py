"""An existing co-op arrives: its members, their shares and its opening balances, from three files, all or nothing."""
