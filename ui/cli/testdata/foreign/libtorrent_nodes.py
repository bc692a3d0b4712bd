"""libtorrent DHT nodes that the Go test drives: one JSON command a line in, one JSON answer a line out.

Each "start" is a session of its own on its own loopback address. What a session sends and receives
is read from dht_pkt alerts, which carry the packets as they are on the wire.
"""

import hashlib
import json
import os
import sys
import time

import libtorrent as lt

PATIENCE = 15  # seconds until a command gives up
SEEK = 30  # seconds until seek does, which looks up again

alerts = lt.alert.category_t


class Node:
    def __init__(self, ip, dhtop):
        self.dhtop = dhtop
        self.id = None
        self.bootstrapped = False
        self.live = None
        self.sent = {}  # get_peers sent to dhtop, by info_hash
        self.asked = {}  # transaction -> info_hash, of those
        self.told = {}  # info_hash -> values in dhtop's reply
        self.implied = {}  # info_hash -> implied_port, of the announces sent to dhtop
        self.found = {}  # info_hash -> peers that libtorrent made of all replies
        self.items = {}  # target -> the last item that a get ended with
        self.stored = {}  # target -> nodes that took the last put of it
        self.session = lt.session({
            "listen_interfaces": ip + ":0",
            "enable_dht": False, "dht_bootstrap_nodes": "",
            "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
            "alert_queue_size": 100000,
            "alert_mask": alerts.dht_notification | alerts.dht_log_notification
            | alerts.dht_operation_notification | alerts.status_notification | alerts.error_notification,
        })
        # dhtop is the one node of the state that an earlier run could have saved. A bootstrap node would
        # not do: libtorrent never takes those into its table, and asks them only while it knows hardly
        # any other. (Session parameters with a DHT state lose it on their way through the binding.)
        self.session.load_state({b"dht state": {b"nodes": [pack(dhtop)]}})
        self.session.apply_settings({"enable_dht": True})
        self.wait(lambda: self.bootstrapped and self.id)
        self.addr = "%s:%d" % (ip, self.session.listen_port())

    def wait(self, done, patience=PATIENCE):
        """Handles alerts until done() or until patience ends, and returns done()."""
        end = time.monotonic() + patience
        while not done() and time.monotonic() < end:
            self.session.wait_for_alert(100)
            for a in self.session.pop_alerts():
                self.handle(a)
        return done()

    def handle(self, a):
        kind = a.what()
        if kind == "dht_bootstrap":
            self.bootstrapped = True
        elif kind == "dht_live_nodes":
            self.live = [address(n["endpoint"]) for n in a.nodes]
        elif kind == "dht_get_peers_reply":
            self.found.setdefault(str(a.info_hash), set()).update(map(address, a.peers()))
        elif kind == "dht_immutable_item":
            self.items[a.target.to_bytes()] = a.item
        elif kind == "dht_mutable_item" and a.authoritative:
            self.items[item_target(a.key, a.salt)] = a.item
        elif kind == "dht_put":
            self.stored[item_target(a.public_key, a.salt) if any(a.public_key) else a.target.to_bytes()] = a.num_success
        elif kind == "dht_pkt":
            direction, where = a.message().split(" ", 2)[:2]
            try:
                m = lt.bdecode(a.pkt_buf)
            except Exception:  # it was cut on its way
                m = None
            if isinstance(m, dict):
                self.packet(direction == "==>", where.strip("[]") == self.dhtop, m)

    def packet(self, out, dhtop, m):
        if out and m.get(b"y") == b"q":
            self.id = m[b"a"][b"id"]
        if not dhtop:
            return
        if out and m.get(b"q") == b"get_peers":
            h = m[b"a"][b"info_hash"].hex()
            self.sent[h] = self.sent.get(h, 0) + 1
            self.asked[m[b"t"]] = h
        elif out and m.get(b"q") == b"announce_peer":
            self.implied[m[b"a"][b"info_hash"].hex()] = bool(m[b"a"].get(b"implied_port", 0))
        elif not out and m.get(b"y") == b"r" and m[b"t"] in self.asked:
            self.told[self.asked.pop(m[b"t"])] = set(map(unpack, m[b"r"].get(b"values", [])))

    def announce(self, info_hash, implied):
        # The Python binding cannot call dht_announce (its flags have no Python type), so a torrent
        # does it, as in any real client. It announces the port it listens on, and says that the port
        # is implied when it takes uTP.
        self.session.apply_settings({"enable_incoming_utp": implied})
        p = lt.parse_magnet_uri("magnet:?xt=urn:btih:" + info_hash)
        p.save_path = "."
        self.session.add_torrent(p)
        if not self.wait(lambda: info_hash in self.implied) or self.implied[info_hash] != implied:
            raise RuntimeError("implied_port: want %s, announced %s" % (implied, self.implied))
        return self.addr

    def find(self, info_hash):
        self.told.pop(info_hash, None)
        self.session.dht_get_peers(lt.sha1_hash(bytes.fromhex(info_hash)))
        found = lambda: self.found.get(info_hash, set())
        if not self.wait(lambda: info_hash in self.told and found() >= self.told[info_hash]):
            raise RuntimeError("dhtop told %s, libtorrent found %s" % (self.told.get(info_hash), found()))
        return sorted(self.told[info_hash])

    def seek(self, info_hash):
        """Looks up until somebody told of a peer."""
        end = time.monotonic() + SEEK
        found = lambda: self.found.get(info_hash)
        while not found() and time.monotonic() < end:
            self.session.dht_get_peers(lt.sha1_hash(bytes.fromhex(info_hash)))
            self.wait(found, 5)
        return sorted(found() or [])

    def put(self, value, seed, key, salt):
        if seed:
            target = item_target(key, salt)
            self.stored.pop(target, None)
            self.session.dht_put_mutable_item(expand(seed), key, value, salt)
        else:
            target = self.session.dht_put_immutable_item(value).to_bytes()
        if not self.wait(lambda: self.stored.get(target)):
            raise RuntimeError("nobody stored the item: %s" % self.stored)
        return target.hex()

    def get(self, target, key, salt):
        self.items.pop(target, None)
        if key:
            self.session.dht_get_mutable_item(key, salt)
        else:
            self.session.dht_get_immutable_item(lt.sha1_hash(target))
        self.wait(lambda: target in self.items)
        item = self.items.get(target)
        return item["value"].decode() if item else ""

    def nodes(self):
        self.live = None
        self.session.dht_live_nodes(lt.sha1_hash(self.id))
        self.wait(lambda: self.live is not None)
        return self.live or []


def address(endpoint):
    return "%s:%d" % endpoint


def item_target(key, salt):
    return hashlib.sha1(bytes(key) + as_bytes(salt)).digest()


def as_bytes(s):
    return s.encode() if isinstance(s, str) else bytes(s)


def expand(seed):
    """The form of an ed25519 key that libtorrent signs with: the clamped hash of the seed."""
    h = bytearray(hashlib.sha512(seed).digest())
    h[0] &= 248
    h[31] = h[31] & 63 | 64
    return bytes(h)


def pack(addr):
    host, port = addr.split(":")
    return bytes(map(int, host.split("."))) + int(port).to_bytes(2, "big")


def unpack(b):
    return "%d.%d.%d.%d:%d" % (*b[:4], int.from_bytes(b[4:6], "big"))


def run(nodes, c):
    do = c["do"]
    if do == "start":
        nodes.append(Node(c["ip"], c["dhtop"]))
        return nodes[-1].addr
    n = nodes[c["node"]]
    if do == "announce":
        return n.announce(c["info_hash"], c["port"] == 0)
    if do == "find":
        return n.find(c["info_hash"])
    if do == "seek":
        return n.seek(c["info_hash"])
    if do == "put":
        return n.put(c["value"].encode(), unhex(c, "seed"), unhex(c, "key"), c.get("salt", "").encode())
    if do == "get":
        return n.get(bytes.fromhex(c["target"]), unhex(c, "key"), c.get("salt", "").encode())
    if do == "nodes":
        return n.nodes()
    if do == "sent":
        return n.sent.get(c["info_hash"], 0)
    raise ValueError("unknown command " + do)


def unhex(c, name):
    return bytes.fromhex(c.get(name, ""))


def main():
    nodes = []
    for line in sys.stdin:
        try:
            answer = {"ok": run(nodes, json.loads(line))}
        except Exception as e:  # the test reports it
            answer = {"error": repr(e)}
        print(json.dumps(answer), flush=True)
    os._exit(0)  # closing the sessions would say goodbye to trackers that are none


main()
