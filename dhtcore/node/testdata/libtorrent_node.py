"""libtorrent as a node of the DHT: prints its port as JSON, and ends at the end of its input."""

import json
import sys
import time

import libtorrent as lt

session = lt.session({
    "listen_interfaces": "127.0.0.1:0", "enable_dht": True, "dht_bootstrap_nodes": "", "enable_lsd": False,
    "enable_upnp": False, "enable_natpmp": False, "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
})
while not session.listen_port() or not session.is_dht_running():
    time.sleep(0.02)
print(json.dumps({"Port": session.listen_port()}), flush=True)
sys.stdin.read()
