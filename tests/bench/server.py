"""What the measured server has beyond the portal: the bare view that everything is compared with, and a counter."""

from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

ASKED = "HTTP_X_COUNT_QUERIES"
HEADER = "X-Queries"


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("bench/bare/", bare), path("", include("miaoli_kaohsiung.urls"))]


def count_queries(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Answers with the number of queries where the request asks for it; the timed requests do not."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ASKED not in request.META:
            return get_response(request)
        seen: list[str] = []

        def note(execute, sql, params, many, context):
            seen.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[HEADER] = str(len([sql for sql in seen if not sql.startswith(("SAVEPOINT", "RELEASE"))]))
        return response

    return answer
