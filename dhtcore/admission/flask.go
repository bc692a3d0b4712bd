package admission

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/atomicfile"
	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/torrent"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// flaskTimeout is how long the Flask tracker keeps a peer that does not announce.
const flaskTimeout = 30 * time.Minute

// maxImport bounds the file that is imported, in bytes.
const maxImport = 256 << 20

// flaskState is the state file of the Flask tracker: its torrents by info_hash, which is percent-encoded in part.
type flaskState struct {
	Torrents map[string]json.RawMessage `json:"torrents"`
}

// flaskTorrent is a torrent in it. Its "stats" follow from the peers.
type flaskTorrent struct {
	Info struct {
		Name    string  `json:"name"`
		Size    float64 `json:"size"`          // bytes
		Created float64 `json:"creation_date"` // Unix time
	} `json:"info"`
	Peers []flaskPeer `json:"peers_info"`
}

// flaskPeer is a peer of a torrent.
type flaskPeer struct {
	ID     string  `json:"peer_id"`
	IP     string  `json:"ip"`
	Port   int     `json:"port"`
	Seen   float64 `json:"last_seen"` // Unix time
	Left   int64   `json:"left"`      // bytes
	Seeder bool    `json:"is_seeder"`
}

// imported is what a state file had.
type imported struct {
	torrents, peers int
	stale           int // peers that announced too long ago
	bad             int // torrents and peers that could not be read
}

// ImportFlask takes in the state file of the Flask tracker at path: the peers that its timeout would keep, and the
// torrents that have a name, which somebody registered. Doing so twice changes nothing. A file that is not there is
// remarked upon, as the Flask tracker begins without one; of one that is broken nothing is taken in.
func ImportFlask(path string, t *tracker.Tracker, r *Register, timeout time.Duration, now time.Time, warn func(text string)) error {
	state, err := readFlaskState(path)
	if errors.Is(err, fs.ErrNotExist) {
		warn(fmt.Sprintf("--tracker-import: there is no %s: the tracker starts with what it has", path))
		return nil
	}
	if err != nil {
		return fmt.Errorf("--tracker-import %s: %w", path, err)
	}
	var n imported
	var named []RegisteredTorrent
	for key, raw := range state.Torrents {
		hash, ok := flaskHash(key)
		var of flaskTorrent
		if !ok || json.Unmarshal(raw, &of) != nil {
			n.bad++
			continue
		}
		n.torrents++
		n.adopt(t, hash, of.Peers, cmp.Or(timeout, flaskTimeout), now)
		if of.Info.Name == "" || t.Denies(hash) {
			continue
		}
		is := RegisteredTorrent{Hashes: []wire.ID{hash}, Name: printable.Cut([]byte(of.Info.Name), MaxName), Size: int64(min(max(of.Info.Size, 0), math.MaxInt64/2)), Added: now}
		if s := of.Info.Created; s > 0 && s < float64(now.Unix()) {
			is.Added = time.Unix(int64(s), 0)
		}
		named = append(named, is)
	}
	if err := r.AddAll(named); err != nil {
		return err
	}
	if n.bad > 0 {
		warn(fmt.Sprintf("--tracker-import: %s in %s could not be read; %s", human.Amount(n.bad, "torrent or peer", "torrents or peers"), path, n.String()))
	}
	return nil
}

// String says what was imported.
func (n *imported) String() string {
	return fmt.Sprintf("%s with %s imported, %s left out as too old", human.Amount(n.torrents, "torrent", "torrents"), human.Amount(n.peers, "peer", "peers"),
		human.Amount(n.stale, "peer", "peers"))
}

// readFlaskState reads a state file. The error has a remedy.
func readFlaskState(path string) (*flaskState, error) {
	content, _, err := atomicfile.Read(path, maxImport)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("cannot be read: %w: pass a file that can, or leave it out", human.Cause(err))
	}
	var state flaskState
	if err := json.Unmarshal(content, &state); err != nil || state.Torrents == nil {
		return nil, errors.New(`is not the state file of a Flask tracker, JSON with "torrents": pass its tracker_state.json, or leave it out to start without it`)
	}
	return &state, nil
}

// flaskHash reads the key of a torrent: mostly that of an announce, but hexadecimal where somebody has mended it.
func flaskHash(key string) (hash wire.ID, ok bool) {
	if hash, ok := torrent.ParseEscaped(key); ok {
		return hash, true
	}
	hash, err := wire.ParseID(key)
	return hash, err == nil && !hash.Zero()
}

// adopt takes in the peers of a torrent that announced within timeout.
func (n *imported) adopt(t *tracker.Tracker, hash wire.ID, peers []flaskPeer, timeout time.Duration, now time.Time) {
	slices.SortFunc(peers, func(a, b flaskPeer) int { return cmp.Compare(a.Seen, b.Seen) }) // the last word on an address counts
	for i := range peers {
		p := &peers[i]
		ip, err := netip.ParseAddr(p.IP)
		addr := netip.AddrPortFrom(ip.Unmap(), uint16(p.Port))
		if err != nil || ip.Zone() != "" || p.Port < 1 || p.Port > math.MaxUint16 || !wire.Routable(addr.Addr()) {
			n.bad++
			continue
		}
		age := max(now.Sub(time.Unix(0, int64(min(max(p.Seen, 0), math.MaxInt64/1e9)*1e9))), 0)
		if age >= timeout {
			n.stale++
			continue
		}
		t.Adopt(hash, addr, torrent.PeerID(p.ID), p.Seeder || p.Left == 0, timeout-age, now)
		n.peers++
	}
}
