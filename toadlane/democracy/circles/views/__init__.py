"""The pages of circles: what they are and who stands, and how the lot fills seats."""
