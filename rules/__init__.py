"""What follows from the policy in numbers and dates: deterministic, no clock, no model, no float.

Knows nothing of the corpus' text (it names passages by id only), of the assistant or the page.
"""
