"""The server's signing key: what rests on it is closed with one signature that anybody can check."""
