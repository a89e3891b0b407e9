"""A case with what belongs to it, and the scans of signed papers that find their case."""
