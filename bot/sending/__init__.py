"""Taking what is queued in the outbox to the platforms, in words and at their pace."""
