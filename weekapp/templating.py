"""Filters and globals of all templates: dates and numbers as the readers of the page write them (TAAL-07)."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time

import phonenumbers
from babel.dates import format_date, format_datetime, format_time
from flask import Flask
from flask_babel import gettext, ngettext, pgettext
from wtforms import Field

from weekapp import addresses, clock
from weekapp.languages import language


def set_up_templates(app: Flask) -> None:
    """Make dates, addresses and plural forms known to templates."""
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.filters.update(day=day, short_day=short_day, at=at, day_and_time=day_and_time, stamp=stamp, phone=phone)
    app.jinja_env.filters.update(weekday=weekday, day_number=day_number, month=month, webcal=webcal)
    app.jinja_env.globals.update(addresses=addresses, period=period, hours=hours, today=clock.today, ngettext=ngettext)
    app.jinja_env.globals.update(attributes=attributes, first_error=first_error, wrong_fields=wrong_fields)


def attributes(field: Field, autocomplete: str | None = None) -> dict[str, str]:
    """ARIA attributes of an input: what describes it, whether it is needed, whether it is wrong (FORM-03, FORM-04)."""
    described = [f"{field.id}-help"] * bool(field.description) + [f"{field.id}-error"] * bool(field.errors)
    found = {"aria-describedby": " ".join(described), "autocomplete": autocomplete or ""}
    found["aria-required"] = "true" if field.flags.required else ""
    found["aria-invalid"] = "true" if field.errors else ""
    return {name: value for name, value in found.items() if value}


def wrong_fields(fields: Iterable[Field]) -> Iterator[Field]:
    """The fields with an error in their order on the page; of forms inside the form the field itself, so that a link leads to it."""
    for field in fields:
        is_list = field.type == "FieldList"
        if (not is_list and field.type != "FormField" and field.errors) or (is_list and any(isinstance(e, str) for e in field.errors)):
            yield field
        if is_list or field.type == "FormField":
            yield from wrong_fields(field)


def first_error(errors: object) -> str:
    """The first message, however deep: lists of sub forms hold lists and dicts of messages."""
    while not isinstance(errors, str):
        if isinstance(errors, dict):
            errors = list(errors.values())
        elif isinstance(errors, list | tuple):
            errors = next((error for error in errors if error), "")
        else:
            return str(errors)
    return errors


def written(value: date | datetime, pattern: str) -> str:
    """A day by a pattern of CLDR."""
    return format_date(local_date(value), pattern, locale=language().locale).replace(".", "")


def day(value: date | datetime) -> str:
    """donderdag 30 september; Thursday 30 September"""
    return written(value, pgettext("CLDR", "EEEE d MMMM"))


def short_day(value: date | datetime) -> str:
    """do 30 sep; Thu 30 Sep"""
    return written(value, pgettext("CLDR", "EEEEEE d MMM"))


def weekday(value: date | datetime) -> str:
    """do; Thu"""
    return written(value, pgettext("CLDR", "EEEEEE"))


def day_number(value: date | datetime) -> str:
    """30"""
    return str(local_date(value).day)


def month(value: date | datetime) -> str:
    """sep; Sep"""
    return written(value, "MMM")


def webcal(address: str) -> str:
    """The address of a calendar in the form that makes a calendar app open and subscribe."""
    return f"webcal://{address.partition('://')[2]}"


def clock_time(value: datetime) -> str:
    """10.00; 10:00 am"""
    moment = clock.local(value)
    return format_time(time(moment.hour, moment.minute), pgettext("CLDR", "HH.mm"), locale=language().locale)


def at(value: datetime) -> str:
    """10.00 uur; 10:00 am"""
    return gettext("%(time)s uur", time=clock_time(value))


def day_and_time(value: datetime) -> str:
    """donderdag 30 september, 10.00 uur"""
    return gettext("%(day)s, %(time)s", day=day(value), time=at(value))


def period(start: datetime, end: datetime) -> str:
    """donderdag 30 september, 10.00 tot 12.00 uur; over midnight both days are named"""
    if clock.local(start).date() == clock.local(end).date():
        return gettext("%(day)s, %(start)s tot %(end)s", day=day(start), start=clock_time(start), end=at(end))
    return gettext("%(start)s tot %(end)s", start=day_and_time(start), end=day_and_time(end))


def hours(start: datetime, end: datetime) -> str:
    """10.00 tot 12.00 uur; a later day is named"""
    if clock.local(start).date() == clock.local(end).date():
        return gettext("%(start)s tot %(end)s", start=clock_time(start), end=at(end))
    return gettext("%(start)s tot %(end)s", start=at(start), end=day_and_time(end))


def stamp(value: datetime) -> str:
    """30-09-2027 10:00, for staff"""
    return format_datetime(clock.local(value), "dd-MM-yyyy HH:mm", locale="nl")


def phone(value: str) -> str:
    """06 12345678 for +31612345678; a number of another country keeps its own."""
    number = phonenumbers.parse(value)
    is_dutch = number.country_code == 31
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if is_dutch else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, shape)


def local_date(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value
