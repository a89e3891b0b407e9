"""What is on nobody's desk, for those who can give it to somebody."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from grants.queries.desk.unheld import unheld_in
from miaoli_kaohsiung.accounts.audiences import CHANGE_CONFIRMERS
from miaoli_kaohsiung.accounts.counties import choices
from miaoli_kaohsiung.accounts.enums import Role
from miaoli_kaohsiung.accounts.permissions import SignedIn, audience
from miaoli_kaohsiung.accounts.queries import posts_of


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
