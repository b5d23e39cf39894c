"""HTTP dates (RFC 9110, 5.6.7) in plain arithmetic: no clock, no locale, no time zone.

The calendar is counted in days since 1970-01-01, with years that begin in March so that a leap day
is the last of its year.
"""

import re

_DAYS = (b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun")
_MONTHS = (
    *(b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun"),
    *(b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"),
)
_DAYS_BEFORE = (306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275)  # in a year from March
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EPOCH_DAY = 719468  # 1970-01-01 counted from 0000-03-01
_DAYS_IN_400_YEARS = 146097

_DAY = rb"(?:" + b"|".join(_DAYS) + rb")"
_LONG_DAY = rb"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_MONTH = rb"(?P<month>" + b"|".join(_MONTHS) + rb")"
_CLOCK = rb"(?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9]):(?P<second>[0-5][0-9]|60)"
_FORMS = tuple(
    re.compile(form).fullmatch
    for form in (
        _DAY + rb", (?P<day>[0-9]{2}) " + _MONTH + rb" (?P<year>[0-9]{4}) " + _CLOCK + rb" GMT",
        _LONG_DAY
        + rb", (?P<day>[0-9]{2})-"
        + _MONTH
        + rb"-(?P<year>[0-9]{2}) "
        + _CLOCK
        + rb" GMT",
        _DAY + rb" " + _MONTH + rb" (?P<day>[0-9]{2}| [0-9]) " + _CLOCK + rb" (?P<year>[0-9]{4})",
    )
)


def _days_since_epoch(year: int, month: int, day: int) -> int:
    year -= month <= 2
    leap_days = year // 4 - year // 100 + year // 400
    return year * 365 + leap_days + _DAYS_BEFORE[month - 1] + day - 1 - _EPOCH_DAY


def http_date(epoch_s: int) -> bytes:
    """An IMF-fixdate, the one form that senders generate: `Sun, 06 Nov 1994 08:49:37 GMT`."""
    days, second = divmod(epoch_s, 86400)
    year = (days + _EPOCH_DAY) * 400 // _DAYS_IN_400_YEARS + 1
    while _days_since_epoch(year, 1, 1) > days:
        year -= 1
    month = 12
    while (first := _days_since_epoch(year, month, 1)) > days:
        month -= 1
    return b"%b, %02d %b %04d %02d:%02d:%02d GMT" % (
        _DAYS[(days + 3) % 7],
        days - first + 1,
        _MONTHS[month - 1],
        year,
        second // 3600,
        second // 60 % 60,
        second % 60,
    )


def parse_http_date(value: bytes) -> int | None:
    """Seconds since the epoch, from any of the three forms that recipients MUST accept, or None.

    A two-digit year is of the fifty years before or after 2020 (the RFC's rule asks for a clock).
    The name of the day is not held against the date.
    """
    for form in _FORMS:
        if (match := form(value)) is not None:
            break
    else:
        return None
    year, month, day = int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["day"])
    if len(match["year"]) == 2:
        year += 1900 if year >= 70 else 2000
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= day <= _MONTH_LENGTHS[month - 1] - (month == 2 and not leap):
        return None
    seconds = int(match["hour"]) * 3600 + int(match["minute"]) * 60 + int(match["second"])
    return _days_since_epoch(year, month, day) * 86400 + seconds
