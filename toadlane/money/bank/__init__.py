"""The co-op's account at its bank: where members want their money, statements that are read, files that pay."""
