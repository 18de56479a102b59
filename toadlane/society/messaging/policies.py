# ruff: noqa: RUF001 - the look-alikes are what this file is about.
"""Finding contacts in what people write: e-mail addresses, phone numbers, messengers. Prices, dates and times stay.

The order is: first everything that only looks like a phone number is set aside, then what is left is searched. It is a
hedge and not a wall: who wants to get around it will; it keeps honest people from leaving the platform by habit.
"""

import re
from collections.abc import Iterator

# Blanks, dots and dashes people put between digits, with invisible signs and the keycaps of emoji.
_GAP = r"[\s.\-/()·•_*–—‐‑\u200b-\u200f\u2060\ufe0f\u20e3\ufeff]"
_DOT = r"(?:\s*(?:\.|\(dot\)|\[dot\]|\(\.\))\s*|\s+(?:dot|punto|point|نقطة)\s+)"
_AT = r"\s*(?:@|＠|\(at\)|\[at\]|\{at\}|\(@\)|\[@\]|\(arroba\)|\[arroba\]|\(arobase\)|\[arobase\])\s*"
_SPELLED_AT = r"\s+(?:at|arroba|arobase|chez|آت)\s+"
_PROVIDERS = r"(?:gmail|googlemail|hotmail|outlook|live|yahoo|icloud|proton(?:mail)?|gmx|aol|orange|free|laposte|msn|me)"

# A name before the sign is read as one run, and looked for from its end: from each of its letters on it would be read anew.
_NAME = r"[\w.+'-]"
_NAMES = re.compile(rf"{_NAME}+")
_EMAILS = (
    # Written as usual it ends where it ends: the first word of the next sentence is none of it.
    re.compile(rf"(?<={_NAME}){_AT}(?:[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{{2,}}|[\w-]+(?:{_DOT}[\w-]+)*?{_DOT}[^\W\d_]{{2,}})", re.I),
    re.compile(rf"(?<={_NAME}){_SPELLED_AT}[\w-]+\s*(?:\(dot\)|\[dot\]|\s+(?:dot|punto|point|نقطة)\s+)\s*[^\W\d_]{{2,}}", re.I),
    re.compile(rf"(?<={_NAME}){_SPELLED_AT}{_PROVIDERS}{_DOT}[a-z]{{2,}}", re.I),
)
_MESSENGER_HOSTS = (
    r"wa\.me|whatsapp\.com|t\.me|telegram\.(?:me|dog|org)|signal\.(?:me|group)|m\.me|fb\.me|fb\.com|facebook\.com|messenger\.com|"
    r"instagram\.com|ig\.me|instagr\.am|viber\.(?:com|me)|line\.me|discord\.(?:gg|com)|join\.skype\.com|snapchat\.com|tiktok\.com|"
    r"twitter\.com|x\.com|linkedin\.com|wechat\.com|weixin\.qq\.com|threema\.id|matrix\.to|zalo\.me|vk\.com|ok\.ru"
)
_MESSENGER_NAMES = (
    r"whats\s?app|wsp|wasap|guasap|telegram|telegramme|signal|instagram|insta|facebook|messenger|viber|skype|discord|snapchat|snap|"
    r"wechat|threema|linkedin|tiktok|واتساب|واتس|تلغرام|تيليجرام|انستغرام|فيسبوك"
)
_LINKS = (
    re.compile(rf"(?<![\w.-])(?:https?://)?(?:[\w-]+\.)*(?:{_MESSENGER_HOSTS})(?![\w-])(?:/\S*)?", re.I),
    re.compile(r"\b(?:mailto|tel|sms|smsto|whatsapp|tg|viber|skype|signal|threema|callto|facetime):/{0,2}[^\s/]\S*", re.I),
    re.compile(rf"(?<!\w)(?:{_MESSENGER_NAMES})\s*(?:(?:id|user|name|usuario|compte)\s*)?[:=]\s*[\w.@+-]{{3,}}", re.I),
    # A handle: @ and a name, at the beginning of a word.
    re.compile(r"(?<![\w@.])[@＠][A-Za-z_][\w.]{2,}"),
)

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:(?:19|20)\d{2}|\d{2})"
_BEFORE, _AFTER = r"(?<![\d+])(?<!\d[./\-])", r"(?![./\-]?\d)"
_DATES = (
    re.compile(rf"{_BEFORE}(?:19|20)\d\d([./\-]){_MONTH}\1{_DAY}(?:T(?=\d))?{_AFTER}"),
    re.compile(rf"{_BEFORE}{_DAY}([./\-]){_MONTH}\1{_YEAR}{_AFTER}"),
    re.compile(rf"{_BEFORE}{_MONTH}([./\-]){_DAY}\1{_YEAR}{_AFTER}"),
    # From one year to another.
    re.compile(rf"{_BEFORE}(?:19|20)\d\d\s?[-–—/]\s?(?:19|20)\d\d{_AFTER}"),
)
# Two civil dates joined by a dash, which the rules above see as one long row of digits.
_DATE = rf"(?:(?:19|20)\d\d([./\-]){_MONTH}\2{_DAY}|{_DAY}([./\-]){_MONTH}\3{_YEAR}|{_MONTH}([./\-]){_DAY}\4{_YEAR})"
_SPAN = re.compile(
    rf"{_BEFORE}({_DATE})\s?[-–—]\s?" + _DATE.replace(r"\2", r"\5").replace(r"\3", r"\6").replace(r"\4", r"\7") + _AFTER
)
_CLOCK = r"(?:(?:[01]?\d|2[0-3])(?:[.:hH][0-5]\d)(?:[.:][0-5]\d)?)"
_TIMES = (
    re.compile(rf"{_BEFORE}{_CLOCK}(?:\s?[-–—/]\s?{_CLOCK})?(?![.:/\-]?\d)"),
    re.compile(rf"{_BEFORE}(?:[01]\d|2[0-3])[0-5]\d\s?[-–—]\s?(?:[01]\d|2[0-3])[0-5]\d{_AFTER}"),
)
_SIGN = (
    r"(?:€|\$|£|¥|₹|zł|EUR|USD|GBP|CHF|MAD|DZD|TND|EGP|SAR|AED|PLN|SEK|NOK|DKK|CAD|AUD|kr|euros?|dollars?|dólares|pounds?|libras?|"
    r"livres?|francs?|pesos?|يورو|دولار|درهم|ريال|دينار|جنيه)"
)
_SUM = r"(?:0|[1-9]\d{0,6}|[1-9]\d{0,2}(?:[.,'’\u00a0\u202f ]\d{3}){1,2})(?:[.,]\d{1,2})?"
_PRICES = (
    re.compile(rf"(?<![^\W\d_]){_SIGN}\s?{_SUM}(?![.,'’ \-/]?\d)", re.I),
    re.compile(rf"(?<![\d+])(?<!\d[./\-,'’ ]){_SUM}\s?{_SIGN}(?![^\W\d_])", re.I),
)

_PHONE = re.compile(rf"(?:\+|00)?{_GAP}{{0,2}}\d(?:{_GAP}{{0,3}}\d){{6,17}}")
_WORDS = (
    r"zero|oh|one|two|three|four|five|six|seven|eight|nine|double|triple|"
    r"cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|"
    r"zéro|un|deux|trois|quatre|cinq|sept|huit|neuf|"
    r"صفر|واحد|اثنان|اثنين|ثلاثة|أربعة|اربعة|خمسة|ستة|سبعة|ثمانية|تسعة"
)
_SPELLED = re.compile(rf"(?<!\w)(?:(?:{_WORDS}|\d)[\s,.\-]{{1,3}}){{6,}}(?:{_WORDS}|\d)(?!\w)", re.I)
_SET_ASIDE = "\x00"


def hide_contacts(text: str, label: str = "•••") -> str:
    """Return the text with each contact replaced by the label in brackets."""
    shown, last = [], 0
    for start, end in _spans(text):
        shown += [text[last:start], f"[{label}]"]
        last = end
    return "".join([*shown, text[last:]])


def has_contacts(text: str) -> bool:
    return next(iter(_spans(text)), None) is not None


def _spans(text: str) -> list[tuple[int, int]]:
    """Return where contacts are, in order, none overlapping another."""
    begins = {run.end(): run.start() for run in _NAMES.finditer(text)}
    found = [(begins[match.start()], match.end()) for pattern in _EMAILS for match in pattern.finditer(text)]
    found += [match.span() for pattern in _LINKS for match in pattern.finditer(text)]
    found += _phones(_without_figures(text))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _without_figures(text: str) -> str:
    """Set aside dates, times and prices, keeping every position."""
    for pattern in (_SPAN, *_DATES, *_PRICES, *_TIMES):
        text = pattern.sub(lambda match: _SET_ASIDE * len(match[0]), text)
    return text


def _phones(text: str) -> Iterator[tuple[int, int]]:
    for match in _PHONE.finditer(text):
        # A gap at the front belongs to the sentence.
        start = match.start() + len(match[0]) - len(match[0].lstrip(" \n\t.-/)*_–—"))
        groups = re.findall(r"\d+", match[0])
        digits = sum(map(len, groups))
        in_pairs = max(map(len, groups)) <= 2
        if "+" in match[0] or digits >= (8 if in_pairs else 7):
            yield start, match.end()
    for match in _SPELLED.finditer(text):
        yield match.span()
