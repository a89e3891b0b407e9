"""What a kept picture looks like, to find the same paper photographed or sent twice."""

from .copies import on_disk
from .models import StoredFile
from .processes import NoAnswerError, ask

BITS = 1024
# Smaller, compressed again or turned, a picture differs in up to some 30 bits; the nearest two papers in some 100.
MOST_BITS = 60


def look_of(stored: StoredFile) -> str:
    """Return the number of a kept file in hexadecimal digits, "" for what shows nothing. What stops the reader is logged."""
    try:
        with on_disk(stored) as path:
            answer: str = ask("look_reader", str(path))["look"]
    except (FileNotFoundError, NoAnswerError):
        return ""
    return answer
