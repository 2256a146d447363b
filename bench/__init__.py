"""How fast it is, beside what else one could have built: `make bench` measures all of it in one run."""
