"""A libtorrent client that seeds a torrent in a DHT on loopback, until the end of its input or until it is killed.

    libtorrent_seed.py HOST:PORT...    the nodes that it knows

It prints its port and the info_hash as JSON.
"""

import json
import os
import sys
import tempfile
import time

import libtorrent as lt


def pack(addr):
    host, port = addr.split(":")
    return bytes(map(int, host.split("."))) + int(port).to_bytes(2, "big")


root = tempfile.TemporaryDirectory()
with open(os.path.join(root.name, "hafen.flac"), "wb") as f:
    f.write(os.urandom(40_000))
files = lt.file_storage()
lt.add_files(files, os.path.join(root.name, "hafen.flac"))
made = lt.create_torrent(files, 16384, lt.create_torrent.v1_only)
lt.set_piece_hashes(made, root.name)
info = lt.torrent_info(made.generate())

session = lt.session({
    "listen_interfaces": "127.0.0.1:0", "enable_dht": False, "dht_bootstrap_nodes": "", "enable_lsd": False,
    "enable_upnp": False, "enable_natpmp": False, "enable_incoming_utp": False,
    "dht_restrict_routing_ips": False, "dht_restrict_search_ips": False,
})
# Bootstrap nodes would not do: libtorrent never takes those into its table.
session.load_state({b"dht state": {b"nodes": [pack(a) for a in sys.argv[1:]]}})
session.apply_settings({"enable_dht": True})
handle = session.add_torrent({"ti": info, "save_path": root.name})
while not handle.status().is_seeding or not session.is_dht_running():
    time.sleep(0.02)
print(json.dumps({"Port": session.listen_port(), "InfoHash": str(info.info_hashes().v1)}), flush=True)
sys.stdin.read()
root.cleanup()
os._exit(0)
