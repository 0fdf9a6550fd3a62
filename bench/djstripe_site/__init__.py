"""A Django project with nothing but dj-stripe in it, run by the Python of its own environment."""
