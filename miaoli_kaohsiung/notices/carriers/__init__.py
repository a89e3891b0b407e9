"""Those who carry texts beyond the portal: the government's short messages (111) and LINE. Each is one address over HTTP
from the environment; without it nothing is sent and the pages say so.
"""
