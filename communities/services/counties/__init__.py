"""What a county keeps of itself: its particulars from a day on, its townships, and a further county altogether.

Each is a kind of change (`changes.kinds`): one person proposes it, another confirms it.
"""
