"""`reglo demo`: a believable practice company, and the outside world in a box, in one command."""
