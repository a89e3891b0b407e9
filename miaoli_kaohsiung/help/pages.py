"""The guides of docs/guide as pages of the portal, and the steps by which a county adopts it, from the same files that are
read beside the source.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

FOLDER = settings.BASE_DIR / "docs" / "guide"
INDEX = "README"
# Stands above the folder: it is for whoever sets up, not for a post.
ADOPTING = "adopting"


@dataclass(frozen=True)
class Page:
    title: str
    html: SafeString


@lru_cache
def page(name: str) -> Page | None:
    """Return the guide of this name, INDEX for the list of them; None if there is none."""
    path = (FOLDER.parent if name == ADOPTING else FOLDER) / f"{name}.md"
    if not path.is_file():
        return None
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.add_render_rule("image", _image)
    markdown.add_render_rule("link_open", _link)
    # The first heading is the page's own; base.html draws it.
    heading, _, text = path.read_text(encoding="utf-8").partition("\n")
    return Page(heading.removeprefix("# "), mark_safe(markdown.render(text)))  # noqa: S308 -- our own files


def _image(self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    token = tokens[place]
    token.attrSet("src", static(f"guide/{str(token.attrGet('src')).removeprefix('pictures/')}"))
    token.attrSet("loading", "lazy")
    return self.image(tokens, place, options, env)


def _link(self: RendererHTML, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    token, target = tokens[place], str(tokens[place].attrGet("href"))
    if target.endswith(".md"):
        name = target.removesuffix(".md").rpartition("/")[2]
        token.attrSet("href", reverse("help") if name == INDEX else reverse("help-guide", args=[name]))
    return self.renderToken(tokens, place, options, env)
