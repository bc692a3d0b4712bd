package dhtcore

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/tracker"
)

// The bounds of the register: far more torrents than anybody registers one by one.
const (
	maxRegistered  = 1_000_000
	maxTorrentName = 512 // bytes
)

// RegisteredTorrent is a torrent that somebody has told the tracker of.
type RegisteredTorrent struct {
	Hashes []ID // of its versions; read-only
	Name   string
	Size   int64     // bytes; 0 if unknown
	Added  time.Time // when the tracker was first told of it

	place int // in trackerRegister.order
}

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
	r = RegisteredTorrent{Hashes: slices.Clone(t.Hashes), Name: printable.Cut([]byte(name), maxTorrentName), Size: max(size, 0), Added: time.Now()}
	if r, fresh, err = e.register.add(r); err != nil {
		return r, false, err
	}
	e.LearnTorrent(t)
	e.register.nameIn(e.ledger)
	return r, fresh, nil
}

// Registered returns the torrent of that hash that the tracker was told of, nil for none. Nobody may change it.
func (e *Explorer) Registered(hash ID) *RegisteredTorrent { return e.register.get(hash) }

// RegisteredTorrents returns how many torrents the tracker was told of, and the last n of them, the latest first.
func (e *Explorer) RegisteredTorrents(n int) (total int, latest []*RegisteredTorrent) {
	return e.register.latest(n)
}

// trackerRegister are the torrents that are registered with the tracker. mu guards all but path.
type trackerRegister struct {
	path string // "" to keep them in memory alone

	mu      sync.RWMutex
	of      map[ID]*RegisteredTorrent // replaced, never changed
	order   []*RegisteredTorrent      // as they stand in of, the earliest first
	unnamed []*RegisteredTorrent      // whose name the ranking has not got yet
	torn    bool                      // the last line of the file has no end
}

// put takes in t, in the place of what it had of its hashes.
func (r *trackerRegister) put(t *RegisteredTorrent) {
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
func (r *trackerRegister) known(hashes []ID) *RegisteredTorrent {
	for _, hash := range hashes {
		if t := r.of[hash]; t != nil {
			return t
		}
	}
	return nil
}

// add takes in t and writes it down, unless all of it is known. What t does not say stays as it was.
func (r *trackerRegister) add(t RegisteredTorrent) (is RegisteredTorrent, fresh bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if is, fresh, err = r.merged(t); err != nil || !fresh {
		return is, false, err
	}
	if err := r.write(is.line()); err != nil {
		return is, false, err
	}
	r.put(&is)
	return is, true, nil
}

// addAll is add for many torrents, which it writes down at once: the disk takes milliseconds to sync a file. After an
// error some of them may be known and not written down.
func (r *trackerRegister) addAll(list []RegisteredTorrent) error {
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
	return r.write(lines)
}

// merged returns t with what is known of it besides, and reports whether that is more than was known.
func (r *trackerRegister) merged(t RegisteredTorrent) (is RegisteredTorrent, fresh bool, err error) {
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

func (r *trackerRegister) get(hash ID) *RegisteredTorrent {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.of[hash]
}

func (r *trackerRegister) has(hash ID) bool { return r.get(hash) != nil }

func (r *trackerRegister) latest(n int) (total int, latest []*RegisteredTorrent) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	total = len(r.order)
	for i := total - 1; i >= 0 && len(latest) < n; i-- {
		latest = append(latest, r.order[i])
	}
	return total, latest
}

// nameAtOnce bounds how many names nameIn tries to give: a name that cannot be given waits until its hash is known.
const nameAtOnce = 1000

// nameIn gives names to the hashes that the ledger knows by now.
func (r *trackerRegister) nameIn(l *ledger.Ledger) {
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

// admission is the policy of the tracker with what is registered.
func (r *trackerRegister) admission(p *tracker.Policy) *tracker.Policy {
	with := *p
	with.Registered = r.has
	return &with
}
