"""A libtorrent peer that the Go test talks to: it says what it has in one line of JSON and stays until
the end of its input.

    libtorrent_peer.py seed v1|v2|hybrid plain|encrypted   has a torrent and listens
    libtorrent_peer.py fetch INFO_HASH PORT              gets the metadata from 127.0.0.1:PORT
"""

import json
import os
import sys
import tempfile
import time

import libtorrent as lt

PATIENCE = 20  # seconds


def session(encryption):
    return lt.session({
        "listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False,
        "enable_natpmp": False, "enable_incoming_utp": False, "enable_outgoing_utp": False,
        "in_enc_policy": encryption, "out_enc_policy": encryption, "allowed_enc_level": lt.enc_level.rc4,
        "alert_mask": lt.alert.category_t.all_categories,
    })


def torrent(version):
    """Returns a torrent that nobody has the data of (v1), whose metadata has many pieces, or one made
    of small files (v2, hybrid), which libtorrent pads in a hybrid. It gives nobody the metadata of private ones."""
    if version == "v1":
        files = [{"length": 40_000_000, "path": ["01 Hafen, früh.flac"]}]
        files += [{"length": 20_000 + i, "path": ["takes", "%04d.flac" % i]} for i in range(2, 1200)]
        pieces = sum(f["length"] for f in files) // 16384 + 1
        hashes = bytes(i * 7 // 20 & 255 for i in range(20 * pieces))
        return lt.torrent_info({"info": {"name": "Field recordings", "files": files, "piece length": 16384,
                                         "pieces": hashes}})
    root = tempfile.mkdtemp()
    os.makedirs(root + "/hybrid/sub")
    for name, size in (("a.txt", 5), ("b.bin", 70_000), ("sub/c 東京.txt", 1234)):
        with open(root + "/hybrid/" + name, "wb") as f:
            f.write(bytes(size))
    fs = lt.file_storage()
    lt.add_files(fs, root + "/hybrid")
    made = lt.create_torrent(fs, 16384, lt.create_torrent.v2_only if version == "v2" else 0)
    lt.set_piece_hashes(made, root)
    return lt.torrent_info(made.generate())


def seed(version, policy):
    ses = session(lt.enc_policy.forced if policy == "encrypted" else lt.enc_policy.disabled)
    info = torrent(version)
    handle = ses.add_torrent({"ti": info, "save_path": tempfile.mkdtemp(), "flags": lt.torrent_flags.upload_mode})
    wait(ses, lambda: handle.status().state == lt.torrent_status.downloading)  # until then it takes no peers
    files, prefix = info.files(), info.name() + "/"
    hashes = info.info_hashes()
    say(port=ses.listen_port(), info_hash=str(hashes.v1) if hashes.has_v1() else "",
        second_hash=str(hashes.v2)[:40] if hashes.has_v2() else "",
        metadata=len(info.info_section()), name=info.name(), piece_length=info.piece_length(), pieces=info.num_pieces(),
        private=info.priv(), files=[{"path": files.file_path(i)[len(prefix):], "length": files.file_size(i)}
                                    for i in range(files.num_files()) if not files.file_flags(i) & lt.file_flags_t.flag_pad_file])
    sys.stdin.read()
    log(ses)


def wait(ses, done):
    end = time.monotonic() + PATIENCE
    while not done() and time.monotonic() < end:
        ses.wait_for_alert(100)
        log(ses)


def log(ses):
    for a in ses.pop_alerts():
        print(a.message(), file=sys.stderr)


def fetch(info_hash, port):
    ses = session(lt.enc_policy.enabled)
    params = lt.parse_magnet_uri("magnet:?xt=urn:btih:" + info_hash)
    params.save_path = tempfile.mkdtemp()
    handle = ses.add_torrent(params)
    handle.connect_peer(("127.0.0.1", int(port)))
    wait(ses, lambda: handle.status().has_metadata)
    info = handle.torrent_file()
    say(name=info.name() if info else "")
    sys.stdin.read()


def say(**what):
    print(json.dumps(what), flush=True)


{"seed": seed, "fetch": fetch}[sys.argv[1]](*sys.argv[2:])
