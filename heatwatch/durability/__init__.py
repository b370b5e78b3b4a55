"""Whether anything acknowledged is lost: a run under kills, counted."""
