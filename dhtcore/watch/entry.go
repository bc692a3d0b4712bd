package watch

import (
	"crypto/sha1"
	"errors"
	"time"

	"dhtop/dhtcore/wire"
)

// Entry is what somebody watches: a torrent, or a mutable item (BEP 44).
type Entry struct {
	Target wire.ID // names the entry: the first info_hash of a torrent, or the target of an item
	Other  wire.ID // the other info_hash of a hybrid torrent; zero for none
	Item   Item    // zero for a torrent

	Label    string    // printable; "" for none
	Trackers []string  // announce URLs; read-only
	Scrape   bool      // ask the trackers as well
	MinSeeds int       // an alert when there are fewer; 0 for none
	Added    time.Time // when it was put on the list
	File     string    // the --watch file that lists it; "" where somebody added it by hand
}

// Item names a mutable item: the public key of its owner, and a salt.
type Item struct {
	Key  [32]byte
	Salt string
}

// Target returns where in the key space the item is (BEP 44).
func (i Item) Target() wire.ID { return sha1.Sum(append(i.Key[:], i.Salt...)) }

// IsItem reports whether the entry is a mutable item.
func (e *Entry) IsItem() bool { return e.Item != Item{} }

// Hashes returns the one or two targets to look up.
func (e *Entry) Hashes() []wire.ID {
	if e.Other.Zero() {
		return []wire.ID{e.Target}
	}
	return []wire.ID{e.Target, e.Other}
}

// Name returns the label, or the start of the hash or key where there is none.
func (e *Entry) Name() string {
	switch {
	case e.Label != "":
		return e.Label
	case e.IsItem():
		return "pk:" + FormatKey(e.Item.Key)[:12] + "…"
	}
	return e.Target.String()[:12] + "…"
}

// MaxEntries is how many entries a list holds.
const MaxEntries = 10_000

// The bounds of what an entry holds, in bytes and URLs.
const (
	maxLabel    = 256
	maxTrackers = 32
)

// ErrFull is returned by Add for one entry too many.
var ErrFull = errors.New("the watch list is full: it holds 10,000 entries; remove some first")
