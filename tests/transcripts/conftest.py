"""``--golden-rewrite`` writes the transcripts anew from what really happens; the reviewer reads the difference."""
