"""The demonstration's own: the bar that moves the portal's date on. Answers 404 anywhere but in the trial."""
