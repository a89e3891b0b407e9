"""The demonstration's own bar, which moves the portal's date on. Returns 404 everywhere but in the trial."""
