"""Pure arithmetic of wages: what an amount comes to, and the least that a day has to bring."""
