package detail

import (
	"encoding/binary"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/ledger"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

func addrPort(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

// numbered is one of many hashes.
func numbered(i int) (hash wire.ID) {
	binary.BigEndian.PutUint32(hash[:], uint32(i+1))
	return hash
}

func newWatcher() *Watcher {
	return &Watcher{Ledger: ledger.New(), Journal: journal.New(1 << 10), Past: &Pasts{}, Swarms: peers.New(peers.Config{})}
}

// watch has somebody watch a hash.
func watch(t *testing.T, w *Watcher, hash wire.ID) *Watched {
	t.Helper()
	h, err := w.Watch(hash, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// sees takes in a request for a hash.
func (w *Watcher) sees(hash wire.ID, from string) {
	v := node.Event{Kind: node.Requested, At: time.Now(), Hash: hash}
	w.See(&v, addrPort(from))
}

func TestAllWhoWatchAHashShareWhatIsKnownOfIt(t *testing.T) {
	w, now := newWatcher(), time.Now()
	a, b, c := watch(t, w, wire.ID{1}), watch(t, w, wire.ID{1}), watch(t, w, wire.ID{2})
	w.sees(wire.ID{1}, "198.51.100.7:1")
	w.sees(wire.ID{1}, "198.51.100.8:1")
	w.sees(wire.ID{2}, "203.0.113.5:1")
	if d := w.Detail(a, 1, now, nil); d == nil || d.InfoHash != (wire.ID{1}) || d.Sightings != 2 || w.Detail(b, 1, now, nil) != d {
		t.Errorf("the first two see %+v and %+v", d, w.Detail(b, 1, now, nil))
	}
	if d := w.Detail(c, 1, now, nil); d.InfoHash != (wire.ID{2}) || d.Sightings != 1 {
		t.Errorf("the third sees %+v", d)
	}
	if d := w.Detail(nil, 1, now, nil); d != nil {
		t.Errorf("who watches none sees %+v", d)
	}
	w.Unwatch(a, now)
	w.Tidy(now.Add(2 * Linger))
	w.sees(wire.ID{1}, "198.51.100.9:1")
	if d := w.Detail(b, 2, now, nil); d.Sightings != 3 {
		t.Errorf("when the first has gone the second sees %+v", d)
	}
	w.Unwatch(b, now)
	w.Unwatch(c, now)
	w.Tidy(now)
	if w.Len() != 2 {
		t.Error("it is forgotten at once, where a request comes again soon")
	}
	w.Tidy(now.Add(2 * Linger))
	if w.watched.Load() != nil || len(w.Past.all) != 0 {
		t.Errorf("kept when nobody watches: %d hashes, the past of %d", w.Len(), len(w.Past.all))
	}
}

func TestSoManyHashesAreWatchedAndNoMore(t *testing.T) {
	w := newWatcher()
	all := make([]*Watched, MaxWatched)
	for i := range all {
		all[i] = watch(t, w, numbered(i))
	}
	if _, err := w.Watch(numbered(MaxWatched), time.Now()); !errors.Is(err, errFull) {
		t.Fatalf("one too many: %v", err)
	}
	watch(t, w, numbered(7)) // which is watched already
	w.Unwatch(all[0], time.Now())
	watch(t, w, numbered(MaxWatched)) // in place of the one that nobody watches any more
	if all := w.all(); len(all) != MaxWatched || all[numbered(0)] != nil {
		t.Errorf("%d hashes", len(all))
	}
}

func TestWatchersComeAndGoWhileTheSocketIsRead(t *testing.T) {
	w := newWatcher()
	over := make(chan struct{})
	var reading, looking sync.WaitGroup
	reading.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-over:
				return
			default:
				w.sees(numbered(i%10), "198.51.100.7:1")
			}
		}
	})
	for i := range 20 {
		looking.Go(func() {
			for range 20 {
				h, err := w.Watch(numbered(i%10), time.Now())
				if err != nil {
					t.Error(err)
					return
				}
				if d := w.Detail(h, uint64(i+1), time.Now(), nil); d.InfoHash != numbered(i%10) {
					t.Errorf("it watches %v and sees %+v", h.Hash(), d)
				}
				w.Unwatch(h, time.Now())
			}
		})
	}
	looking.Wait()
	close(over)
	reading.Wait()
	for _, h := range w.all() {
		if h.viewers != 0 {
			t.Errorf("%d watch when all have gone", h.viewers)
		}
	}
}

func TestWatchingAHashAllocatesNothingForTheOthers(t *testing.T) {
	w := newWatcher()
	watch(t, w, wire.ID{1})
	other := node.Event{Kind: node.Requested, At: time.Now(), Hash: wire.ID{2}, Version: [4]byte{'L', 'T', 2, 8}}
	v := node.Event{Kind: node.Requested, At: time.Now(), Hash: wire.ID{1}}
	from := addrPort("198.51.100.7:1")
	for range MaxSightings {
		w.See(&v, from)
	}
	if n := testing.AllocsPerRun(100, func() { w.See(&other, from); w.See(&v, from) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
