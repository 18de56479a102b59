"""Pages of wallets: the worker's, the client's, the officers', and the public list of pledges."""
