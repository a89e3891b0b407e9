"""Servers of a reader that is a few lines of a test."""

from miaoli_kaohsiung.files.served import Served

_START = """
import sys, types
sys.path.insert(0, sys.argv.pop(1))
probe = types.ModuleType("probe.__main__")
probe.prepare = lambda: None
exec({program!r}, probe.__dict__)
sys.modules |= {{"probe": types.ModuleType("probe"), "probe.__main__": probe}}
import reader_server
reader_server.main(*sys.argv[1:])
"""


def served(program: str, seconds: float = 30.0) -> Served:
    """A server whose reader is the function `main` of the program; `reader_server` is imported beside it."""
    return Served("probe", _START.format(program=program), seconds)
