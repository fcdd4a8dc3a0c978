"""`{% load atre %}`: figures in French and the components of docs/reference/components.md."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from atre.web.design import charts, formatting
from atre.web.design.fields import FieldView, error_entries

register = template.Library()

register.filter("euros", formatting.euros)
register.filter("number_fr", formatting.number)
register.filter("plural_fr", formatting.plural)
register.filter("counted_fr", formatting.counted)
register.filter("percent_fr", formatting.percent)
register.filter("date_fr", formatting.date)
register.filter("datetime_fr", formatting.moment)
register.filter("time_fr", formatting.clock)
register.filter("duration_fr", formatting.duration)
register.filter("phone_fr", formatting.phone)
register.filter("nbsp", formatting.spaced)


@register.filter
def kwh(value: object, decimals: int = 0) -> str:
    return formatting.quantity(value, "kWh", decimals)


@register.filter
def known(value: object) -> object:
    return formatting.UNKNOWN if formatting.is_unknown(value) else value


def display(value: object) -> object:
    """A value of a fact: dates and booleans in words, unknown in words, the rest as it comes."""
    if formatting.is_unknown(value):
        return format_html('<span class="unknown">{}</span>', formatting.UNKNOWN)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, dt.datetime):
        return formatting.moment(value)
    if isinstance(value, dt.date):
        return formatting.date(value)
    if isinstance(value, int | float):
        return formatting.number(value, 0 if float(value).is_integer() else 1)
    return value


def component(name: str, **context: Any) -> SafeString:
    return render_to_string(f"design/components/{name}.html", context)


# Forms ---------------------------------------------------------------------------------------


@register.simple_tag
def field(bound: Any, **options: Any) -> SafeString:
    return component("field", field=FieldView(bound, **options))


@register.simple_tag
def file_input(bound: Any, max_mb: int | None = None, **options: Any) -> SafeString:
    return component("field", field=FieldView(bound, max_mb=max_mb, **options))


@register.simple_tag
def form_fields(form: Any, placeholders: bool = True) -> SafeString:
    placeholder = None if placeholders else ""
    return component(
        "form_fields",
        hidden=form.hidden_fields(),
        fields=[FieldView(bound, placeholder=placeholder) for bound in form.visible_fields()],
    )


@register.simple_tag
def form_errors(*forms: Any) -> SafeString:
    return component("form_errors", errors=error_entries(forms))


@register.inclusion_tag("design/components/button.html")
def button(label: str, kind: str = "primary", type: str = "submit", **attrs: Any) -> dict[str, Any]:
    return {"label": label, "kind": kind, "type": type, **attrs}


@register.inclusion_tag("design/components/action.html")
def action(label: str, url: str, kind: str = "secondary", icon: str = "") -> dict[str, Any]:
    return {"label": label, "url": url, "kind": kind, "icon": icon}


@register.inclusion_tag("design/components/action.html")
def primary_action(label: str, url: str, icon: str = "") -> dict[str, Any]:
    return {"label": label, "url": url, "kind": "primary", "icon": icon}


@register.simple_block_tag(takes_context=True)
def confirm_dialog(
    context: Context,
    content: str,
    label: str,
    action_url: str,
    *,
    confirm: str = "Confirmer",
    title: str = "",
    cancel: str = "Annuler",
    kind: str = "secondary",
) -> SafeString:
    return component(
        "confirm_dialog",
        label=label,
        action_url=action_url,
        confirm=confirm,
        title=title or label,
        cancel=cancel,
        kind=kind,
        content=content,
        csrf_token=context.get("csrf_token"),
    )


@register.inclusion_tag("design/components/step_indicator.html")
def step_indicator(current: int, total: int, label: str = "") -> dict[str, Any]:
    steps = [{"done": n < current, "current": n == current} for n in range(1, total + 1)]
    return {"current": current, "total": total, "label": label, "steps": steps}


@register.inclusion_tag("design/components/conflict.html")
def conflict(
    rows: Iterable[Mapping[str, Any]], who: str = "", when: dt.datetime | None = None
) -> dict[str, Any]:
    """Rows of label, yours, theirs: what differs is said in words, not only by its colour."""
    full = [
        {
            "label": row["label"],
            "yours": display(row["yours"]),
            "theirs": display(row["theirs"]),
            "differs": row["yours"] != row["theirs"],
        }
        for row in rows
    ]
    return {"rows": full, "who": who, "when": when}


# Reading -------------------------------------------------------------------------------------


@register.inclusion_tag("design/components/status.html")
def status(label: str, tone: str = "new") -> dict[str, Any]:
    return {"label": label, "tone": tone}


@register.simple_block_tag
def story(content: str, label: str = "") -> SafeString:
    return component("story", content=content, label=label)


@register.simple_block_tag
def story_item(
    content: str, title: str, *, when: dt.date | None = None, who: str = "", tone: str = "done"
) -> SafeString:
    return component(
        "story_item",
        content=content if content.strip() else "",
        title=title,
        when=when,
        who=who,
        tone=tone,
    )


@register.simple_block_tag
def facts(content: str) -> SafeString:
    return component("facts", content=content)


@register.inclusion_tag("design/components/fact.html")
def fact(
    label: str, value: object, unit: str = "", source: str = "", hint: str = ""
) -> dict[str, Any]:
    unknown = formatting.is_unknown(value)
    return {
        "label": label,
        "value": display(value),
        "unit": "" if unknown else unit,
        "source": source,
        "hint": hint,
    }


@register.simple_tag
def fact_list(rows: Iterable[Any]) -> SafeString:
    full = [
        row if isinstance(row, Mapping) else dict(zip(("label", "value"), row, strict=True))
        for row in rows
    ]
    parts = format_html_join("", "{}", ((component("fact", **fact(**row)),) for row in full))
    return component("facts", content=parts)


@register.simple_block_tag
def notice(content: str, tone: str = "info", *, title: str = "", live: bool = False) -> SafeString:
    return component("notice", content=content, tone=tone, title=title, live=live)


@register.inclusion_tag("design/components/empty_state.html")
def empty_state(
    title: str, sentence: str = "", action_label: str = "", action_url: str = ""
) -> dict[str, Any]:
    return {
        "title": title,
        "sentence": sentence,
        "action_label": action_label,
        "action_url": action_url,
    }


@register.inclusion_tag("design/components/task_card.html")
def task_card(title: str, url: str, **details: Any) -> dict[str, Any]:
    """who, due (date), late, action_label, action_url, detail, status, tone."""
    return {"title": title, "url": url, **details}


@register.inclusion_tag("design/components/stat.html")
def stat(label: str, value: object, unit: str = "", **details: Any) -> dict[str, Any]:
    """source, date, target, note."""
    return {
        "label": label,
        "value": display(value),
        "unit": "" if formatting.is_unknown(value) else unit,
        **details,
    }


@register.inclusion_tag("design/components/pagination.html")
def pagination(
    previous_url: str | None = None, next_url: str | None = None, label: str = ""
) -> dict[str, Any]:
    return {"previous_url": previous_url, "next_url": next_url, "label": label}


@register.inclusion_tag("design/components/back_link.html")
def back_link(url: str, label: str = "Retour") -> dict[str, Any]:
    return {"url": url, "label": label}


@register.inclusion_tag("design/components/icon.html")
def icon(name: str) -> dict[str, Any]:
    return {"name": name}


# Charts --------------------------------------------------------------------------------------


@register.inclusion_tag("design/components/bar_chart.html")
def bar_chart(
    title: str,
    rows: Iterable[Any],
    unit: str = "",
    decimals: int = 0,
    maximum: float | None = None,
    target: float | None = None,
    target_label: str = "objectif",
    source: str = "",
) -> dict[str, Any]:
    bars, target_x = charts.bars(rows, unit, decimals, maximum, target)
    return {
        "title": title,
        "bars": bars,
        "target_x": target_x,
        "target_text": formatting.quantity(target, unit, decimals),
        "target_label": target_label,
        "source": source,
    }


@register.inclusion_tag("design/components/share_chart.html")
def share_chart(
    title: str, rows: Iterable[Any], unit: str = "", decimals: int = 0, source: str = ""
) -> dict[str, Any]:
    parts = charts.shares(rows, unit, decimals)
    drawable = all(part.width is not None for part in parts)
    return {"title": title, "parts": parts, "drawable": drawable, "source": source}


@register.inclusion_tag("design/components/line_chart.html")
def line_chart(
    title: str,
    series: Iterable[Mapping[str, Any]],
    unit: str = "",
    decimals: int = 0,
    target: float | None = None,
    target_label: str = "objectif",
    source: str = "",
) -> dict[str, Any]:
    drawn, target_y = charts.lines(list(series), unit, decimals, target)
    return {
        "title": title,
        "lines": drawn,
        "target_y": target_y,
        "target_text": formatting.quantity(target, unit, decimals),
        "target_label": target_label,
        "source": source,
    }
