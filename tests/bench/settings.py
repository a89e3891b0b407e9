"""The trial's settings with one more address (a bare view) and one more middleware, which counts when it is asked to."""

from miaoli_kaohsiung.settings import *  # noqa: F403
from miaoli_kaohsiung.settings import MIDDLEWARE

ROOT_URLCONF = "tests.bench.server"
MIDDLEWARE = ["tests.bench.server.count_queries", *MIDDLEWARE]
