"""What helps to send the events of a use case: sample calls, and the code of the calls to add."""
