"""The outside world in a box: what a shop's software meets on the network, played on this machine alone.

It imports nothing of the product and knows nothing of it but HTTP and SMTP, so that a mistake made there is not
made here too.
"""
