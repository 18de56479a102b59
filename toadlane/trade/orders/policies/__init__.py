"""Pure parts of an order: its process, its timers, its price, and what a cancellation owes."""
