"""`{% load home %}`: the title of a group that waits."""

from django import template

from atre.domain.agencies.models import Membership
from atre.web.home.titles import group_title
from atre.web.home.waiting import Group

register = template.Library()


@register.simple_tag
def title_of(group: Group, by: Membership) -> str:
    return group_title(kind=group.kind, title=group.title, count=group.count, role=by.role)
