"""An old and a new release of the portal beside each other, each from its own sources, on one database."""
