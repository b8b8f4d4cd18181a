from django import template

register = template.Library()


@register.filter
def site_code(pk: int | None, codes: dict[int, str]) -> str:
    """The code of a site in sight; nothing for a row of no site."""
    return codes.get(pk, "") if pk else ""
