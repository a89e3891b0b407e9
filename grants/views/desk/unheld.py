"""What is on nobody's desk, or on one desk alone, for those who can give it to somebody."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from grants.models import Handover
from grants.queries.applications.running import rows_of
from grants.queries.desk.hanging import SHOWN, cases_of, rests_of
from grants.queries.desk.unheld import unheld_in
from grants.queries.scope import apart
from miaoli_kaohsiung.accounts.audiences import CHANGE_CONFIRMERS
from miaoli_kaohsiung.accounts.counties import choices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.models import Post
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import others_in_post, posts_of


@audience(CHANGE_CONFIRMERS)
@require_GET
def unheld(request: SignedIn) -> HttpResponse:
    """Show by county what waits for nobody, and what helps."""
    posts = [post for post in posts_of(request.user) if post.role in CHANGE_CONFIRMERS]
    reached = {post.county for post in posts}
    context = {
        "counties": [
            (name, unheld_in(slug, request.user)) for slug, name in choices() if "" in reached or slug in reached
        ],
        "opens": any(post.role == Role.APPROVER for post in posts),
        "administers": any(post.role == Role.ADMINISTRATOR for post in posts),
    }
    return render(request, "grants/desk/unheld.html", context)


@audience(CHANGE_CONFIRMERS)
@require_GET
def post_work(request: SignedIn, pk: int) -> HttpResponse:
    """Show what hangs on a post: the holder's cases, the lists not signed for, and what nobody else of the post finds."""
    posts = [post for post in posts_of(request.user) if post.role in CHANGE_CONFIRMERS]
    reached = {post.county for post in posts}
    rows = Post.objects.select_related("user").exclude(role=Role.MEMBER)
    post = get_object_or_404(rows if "" in reached else rows.filter(county__in=reached), pk=pk)
    cases = cases_of(post).filter(apart(request.user))
    lists = Handover.objects.filter(taker=post.user, organisation=None, county=post.county, received_on=None)
    context = {
        "post": post,
        "cases": rows_of(cases, most=SHOWN),
        "number": cases.count(),
        "lists": lists,
        "rests": rests_of(post, request.user),
        "others": others_in_post(post),
        "opens": any(own.role == Role.APPROVER for own in posts),
        "administers": any(own.role == Role.ADMINISTRATOR for own in posts),
    }
    return render(request, "grants/desk/post_work.html", context)
