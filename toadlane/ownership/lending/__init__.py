"""What members lend to their co-op: agreed by two sides, with interest within the bylaws, and given back when there is money."""
