"""The one place that makes the HTTP connections our own code calls the outside with."""

import requests


def new_session() -> requests.Session:
    """A session that keeps its connections, may serve several threads, and follows no redirection.

    The servers we call are fixed by a provider or by the installation: one that sends us elsewhere is refused, with
    requests.TooManyRedirects.
    """
    session = requests.Session()
    session.max_redirects = 0
    return session
