"""Reporting duties and tax rules, as pure functions over a seller's facts."""
