"""What the program does, without input or output of its own beyond the inputs it is given."""
