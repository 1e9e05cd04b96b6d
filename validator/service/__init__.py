"""The program's functions, without input or output beyond the inputs they are given."""
