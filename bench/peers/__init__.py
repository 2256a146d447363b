"""Other ways to build it, each as well as its kind allows."""
