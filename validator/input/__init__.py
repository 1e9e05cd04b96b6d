"""Input: finds inputs, decompresses them, and splits them into lines or documents."""
