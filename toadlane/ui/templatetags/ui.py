"""Tags and filters every template has without loading them."""

from django import template
from django.urls import get_script_prefix, reverse, set_script_prefix

register = template.Library()


@register.simple_tag
def server_url(name: str, *args: object, **kwargs: object) -> str:
    """Link from a co-op's page to a page of the server."""
    before = get_script_prefix()
    set_script_prefix("/")
    try:
        return reverse(name, urlconf="toadlane.config.urls", args=args or None, kwargs=kwargs or None)
    finally:
        set_script_prefix(before)
