package dhtcore

import (
	"errors"
	"slices"
	"time"

	"dhtop/dhtcore/admission"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/ranking"
)

// RegisteredTorrent is a torrent that somebody has told the tracker of.
type RegisteredTorrent = admission.RegisteredTorrent

var (
	// ErrNoTracker is returned where no tracker runs.
	ErrNoTracker = errors.New("no tracker runs here: start 'dhtop serve' with --tracker-http or --tracker-udp")
	// ErrDenied is returned for a torrent that the tracker may not serve.
	ErrDenied = errors.New("the tracker's deny list has this torrent: take it out of the list of --tracker-deny first")
)

// RegisterTorrent tells the tracker of a torrent. The tracker serves it from now on and after a restart, whatever the
// allow list has, and its name is in the ranking. name and size stand for what t does not say. fresh is false where all
// this was known. The error is ErrNoTracker, ErrDenied, or says that the register cannot be written.
func (e *Explorer) RegisterTorrent(t *Torrent, name string, size int64) (r RegisteredTorrent, fresh bool, err error) {
	if e.tracker == nil {
		return r, false, ErrNoTracker
	}
	if info, err := t.Metadata(); err == nil {
		name, size = info.Name, info.Size
	}
	if slices.ContainsFunc(t.Hashes, e.tracker.Denies) {
		return r, false, ErrDenied
	}
	r = RegisteredTorrent{Hashes: slices.Clone(t.Hashes), Name: printable.Cut([]byte(name), admission.MaxName), Size: max(size, 0), Added: time.Now()}
	if r, fresh, err = e.register.Add(r); err != nil {
		return r, false, err
	}
	e.LearnTorrent(t)
	e.register.NameIn(e.ledger)
	return r, fresh, nil
}

// Registered returns the torrent of that hash that the tracker was told of, nil for none. Nobody may change it.
func (e *Explorer) Registered(hash ID) *RegisteredTorrent { return e.register.Get(hash) }

// RegisteredTorrents returns how many torrents the tracker was told of, and the last n of them, the latest first.
func (e *Explorer) RegisteredTorrents(n int) (total int, latest []*RegisteredTorrent) {
	return e.register.Latest(n)
}

// MaxTracked bounds the swarms among the TrackedTorrents.
const MaxTracked = ranking.MaxTracked

// TrackedTorrent is a torrent of our tracker: a swarm, one that is registered, or both.
type TrackedTorrent struct {
	SwarmRow
	Size       int64     // bytes; 0 if unknown
	Registered bool      // somebody told the tracker of it
	Added      time.Time // when that was; zero where nobody did
}

// TrackedTorrents returns at most n torrents of our tracker: at most MaxTracked swarms by peers, the most first, then what
// is registered and has no peers, the latest first. The order is two seconds old or so, and all who ask meanwhile get
// the same. registered is how many are, in all.
func (e *Explorer) TrackedTorrents(n int) (rows []TrackedTorrent, registered int) {
	swarms := e.tracked.Rank(e.TopSwarms)
	for _, swarm := range swarms[:min(len(swarms), n)] {
		rows = append(rows, trackedTorrent(&e.register, swarm))
	}
	registered, latest := e.register.Latest(n)
	for _, t := range latest {
		for _, hash := range t.Hashes {
			if len(rows) < n && e.tracker.Counts(hash) == (TrackerCounts{}) {
				rows = append(rows, trackedTorrent(&e.register, SwarmRow{Rank: len(rows) + 1, InfoHash: hash}))
			}
		}
	}
	return rows, registered
}

// trackedTorrent returns a swarm with what the register has of it.
func trackedTorrent(r *admission.Register, swarm SwarmRow) TrackedTorrent {
	t := TrackedTorrent{SwarmRow: swarm}
	if is := r.Get(swarm.InfoHash); is != nil {
		t.Size, t.Registered, t.Added = is.Size, true, is.Added
		if t.Name == "" {
			t.Name = is.Name
		}
	}
	return t
}
