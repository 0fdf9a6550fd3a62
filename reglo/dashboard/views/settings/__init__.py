"""Configuration: a page per subject, each change saved with one button and undone with one."""
