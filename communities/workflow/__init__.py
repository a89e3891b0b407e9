"""The tables of moves: what may become of a status. Nothing else writes one."""
