"""Two records of one body become one: proposed by an officer, confirmed by another person."""
