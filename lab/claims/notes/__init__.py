"""The annotated notes: the user's words as they were written, each claim with what came of it."""
