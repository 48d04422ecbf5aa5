"""Understanding free text: clean text, and facts with the words that said them.

``read`` is the door of the assistant; the functions below it read one kind of expression each.
"""

from assistant.slots.dates import dates
from assistant.slots.durations import durations
from assistant.slots.lexicon import values_of
from assistant.slots.money import amounts
from assistant.slots.normalise import Normalised, normalise
from assistant.slots.percents import percents
from assistant.slots.ranges import ranges
from assistant.slots.reader import read
from assistant.slots.values import (
    Amount,
    DateSpan,
    Duration,
    Mention,
    Percent,
    Reading,
    Span,
    Unclear,
)

__all__ = [
    "Amount", "DateSpan", "Duration", "Mention", "Normalised", "Percent", "Reading", "Span",
    "Unclear", "amounts", "dates", "durations", "normalise", "percents", "ranges", "read",
    "values_of",
]  # fmt: skip
