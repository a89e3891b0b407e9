"""The environment that the settings are read from."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class Environment(environ.FileAwareEnv):
    """Where NAME_FILE is set, NAME is what stands in that file, such as a credential that systemd has opened.

    The file holds the value alone, without the end of a line. One that cannot be read is an OSError: nothing is assumed.
    """

    ENVIRON = FileAwareMapping(cache=False)
