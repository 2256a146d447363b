"""Pure rules and models of a study group's life: no input or output, no clock, no dice."""
