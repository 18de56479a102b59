"""E-mail and text messages, behind a port."""
