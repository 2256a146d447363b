"""What the operator sees and uses: errands of the command line, checks, logs and figures."""
