"""The HTTP doors: they check, limit, pass on and dress up; the answers are made elsewhere."""
