"""`{% load steering %}`: the sentence under a chart."""

from django import template

from atre.web.steering import words

register = template.Library()
register.filter("basis", words.basis)
