// Package admission is what the tracker may serve, as its operator says: the register of the torrents that it was told of, with
// its file, and the lists of those that it serves alone or not at all. It takes in the state of a Flask tracker, too. dhtcore
// opens it with the tracker and hands its Policy to that.
package admission

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/tracker"
	"dhtop/dhtcore/wire"
)

// The bounds of the register: far more torrents than anybody registers one by one.
const (
	maxRegistered = 1_000_000
	MaxName       = 512 // bytes
)

// RegisteredTorrent is a torrent that somebody has told the tracker of.
type RegisteredTorrent struct {
	Hashes []wire.ID // of its versions; read-only
	Name   string
	Size   int64     // bytes; 0 if unknown
	Added  time.Time // when the tracker was first told of it

	place int // in Register.order
}

// Register are the torrents that are registered with the tracker. Open it before use. mu guards all but path.
type Register struct {
	path string // "" to keep them in memory alone

	mu      sync.RWMutex
	of      map[wire.ID]*RegisteredTorrent // replaced, never changed
	order   []*RegisteredTorrent           // as they stand in of, the earliest first
	unnamed []*RegisteredTorrent           // whose name the ranking has not got yet
	file    registerFile
}

// put takes in t, in the place of what it had of its hashes.
func (r *Register) put(t *RegisteredTorrent) {
	if known := r.known(t.Hashes); known != nil {
		t.place = known.place
		r.order[t.place] = t
	} else {
		t.place = len(r.order)
		r.order = append(r.order, t)
	}
	for _, hash := range t.Hashes {
		r.of[hash] = t
	}
	if t.Name != "" {
		r.unnamed = append(r.unnamed, t)
	}
}

// known returns the torrent that has one of the hashes, nil for none.
func (r *Register) known(hashes []wire.ID) *RegisteredTorrent {
	for _, hash := range hashes {
		if t := r.of[hash]; t != nil {
			return t
		}
	}
	return nil
}

// Add takes in t and writes it down, unless all of it is known. What t does not say stays as it was.
func (r *Register) Add(t RegisteredTorrent) (is RegisteredTorrent, fresh bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if is, fresh, err = r.merged(t); err != nil || !fresh {
		return is, false, err
	}
	if err := r.write(is.line()); err != nil {
		return is, false, err
	}
	r.put(&is)
	r.tidy()
	return is, true, nil
}

// AddAll is Add for many torrents, which it writes down at once: the disk takes milliseconds to sync a file. After an
// error some of them may be known and not written down.
func (r *Register) AddAll(list []RegisteredTorrent) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var lines []byte
	for i := range list {
		is, fresh, err := r.merged(list[i])
		if err != nil {
			return err
		}
		if fresh {
			r.put(&is)
			lines = append(lines, is.line()...)
		}
	}
	if err := r.write(lines); err != nil {
		return err
	}
	r.tidy()
	return nil
}

// merged returns t with what is known of it besides, and reports whether that is more than was known.
func (r *Register) merged(t RegisteredTorrent) (is RegisteredTorrent, fresh bool, err error) {
	known := r.known(t.Hashes)
	if known != nil {
		t.Name, t.Size, t.Added = cmp.Or(t.Name, known.Name), cmp.Or(t.Size, known.Size), known.Added
		for _, hash := range known.Hashes {
			if !slices.Contains(t.Hashes, hash) {
				t.Hashes = append(t.Hashes, hash)
			}
		}
		if t.Name == known.Name && t.Size == known.Size && len(t.Hashes) == len(known.Hashes) {
			return *known, false, nil
		}
	}
	if known == nil && len(r.order) >= maxRegistered {
		return t, false, fmt.Errorf("the tracker has been told of %d torrents, as many as it can be: use --tracker-allow FILE for the others", maxRegistered)
	}
	return t, true, nil
}

// Get returns the torrent of that hash, nil for none. Nobody may change it.
func (r *Register) Get(hash wire.ID) *RegisteredTorrent {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.of[hash]
}

// Has reports whether the torrent of that hash is registered.
func (r *Register) Has(hash wire.ID) bool { return r.Get(hash) != nil }

// Latest returns how many torrents are registered, and the last n of them, the latest first.
func (r *Register) Latest(n int) (total int, latest []*RegisteredTorrent) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	total = len(r.order)
	for i := total - 1; i >= 0 && len(latest) < n; i-- {
		latest = append(latest, r.order[i])
	}
	return total, latest
}

// nameAtOnce bounds how many names NameIn tries to give: a name that cannot be given waits until its hash is known.
const nameAtOnce = 1000

// NameIn gives names to the hashes that the ledger knows by now.
func (r *Register) NameIn(l *ledger.Ledger) {
	r.mu.Lock()
	trying := r.unnamed[:min(len(r.unnamed), nameAtOnce)]
	r.unnamed = r.unnamed[len(trying):]
	r.mu.Unlock()
	var waiting []*RegisteredTorrent
	for _, t := range trying {
		for _, hash := range t.Hashes {
			if !l.Knows(hash) {
				waiting = append(waiting, t)
				break
			}
		}
		for _, hash := range t.Hashes {
			l.Name(hash, t.Name)
		}
	}
	r.mu.Lock()
	r.unnamed = append(r.unnamed, waiting...)
	r.mu.Unlock()
}

// Policy is the policy of the tracker with what is registered.
func (r *Register) Policy(p *tracker.Policy) *tracker.Policy {
	with := *p
	with.Registered = r.Has
	return &with
}
