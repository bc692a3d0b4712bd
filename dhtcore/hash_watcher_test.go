package dhtcore

import (
	"encoding/binary"
	"errors"
	"sync"
	"testing"
	"time"
)

// numbered is one of many hashes.
func numbered(i int) (hash ID) {
	binary.BigEndian.PutUint32(hash[:], uint32(i+1))
	return hash
}

func TestViewersOfAHashShareWhatIsKnownOfIt(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	a, b, c := e.NewViewer(), e.NewViewer(), e.NewViewer()
	watchHash(t, a, ID{1})
	watchHash(t, b, ID{1})
	watchHash(t, c, ID{2})
	now := time.Now()
	for i, from := range []string{"198.51.100.7:1", "198.51.100.8:1", "203.0.113.5:1"} {
		e.observer.observe(asked(ID{byte(1 + i/2)}, from, "", now))
	}
	at := now.Add(time.Second)
	if d := a.snapshot(at).Detail; d == nil || d.InfoHash != (ID{1}) || d.Sightings != 2 || b.snapshot(at).Detail != d {
		t.Errorf("the first two see %+v and %+v", d, b.snapshot(at).Detail)
	}
	if d := c.snapshot(at).Detail; d.InfoHash != (ID{2}) || d.Sightings != 1 {
		t.Errorf("the third sees %+v", d)
	}
	if e.snapshots.snapshot(at).Detail != nil {
		t.Error("what all share has the detail of one")
	}
	a.Close()
	e.watcher.tidy(time.Now().Add(2 * watchLinger))
	e.observer.observe(asked(ID{1}, "198.51.100.9:1", "", now))
	if d := b.snapshot(at.Add(time.Second)).Detail; d == nil || d.Sightings != 3 {
		t.Errorf("when the first has gone the second sees %+v", d)
	}
	b.Close()
	watchHash(t, c, ID{})
	e.watcher.tidy(time.Now())
	if len(e.watcher.all()) != 2 {
		t.Error("it is forgotten at once, where a request comes again soon")
	}
	e.watcher.tidy(time.Now().Add(2 * watchLinger))
	if e.watcher.watched.Load() != nil || len(e.store.past.all) != 0 {
		t.Errorf("kept when nobody watches: %d hashes, the past of %d", len(e.watcher.all()), len(e.store.past.all))
	}
}

func TestSoManyHashesAreWatchedAndNoMore(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	viewers := make([]*Viewer, MaxWatched)
	for i := range viewers {
		viewers[i] = e.NewViewer()
		watchHash(t, viewers[i], numbered(i))
	}
	late := e.NewViewer()
	if err := late.WatchHash(numbered(MaxWatched)); !errors.Is(err, errWatched) {
		t.Fatalf("one too many: %v", err)
	}
	watchHash(t, late, numbered(7)) // which is watched already
	viewers[0].Close()
	watchHash(t, late, numbered(MaxWatched)) // in place of the one that nobody watches any more
	if all := e.watcher.all(); len(all) != MaxWatched || all[numbered(0)] != nil {
		t.Errorf("%d hashes", len(all))
	}
}

func TestViewersComeAndGoWhileTheSocketIsRead(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	over := make(chan struct{})
	var reading, looking sync.WaitGroup
	reading.Go(func() {
		for i := 0; ; i++ {
			select {
			case <-over:
				return
			default:
				e.observer.observe(asked(numbered(i%10), "198.51.100.7:1", "", time.Now()))
			}
		}
	})
	for i := range 20 {
		looking.Go(func() {
			for range 20 {
				v := e.NewViewer()
				hash := numbered(i % 10)
				if err := v.WatchHash(hash); err != nil {
					t.Error(err)
				}
				if d := v.Snapshot().Detail; d == nil || d.InfoHash != hash {
					t.Errorf("it watches %v and sees %+v", hash, d)
				}
				v.Close()
			}
		})
	}
	looking.Wait()
	close(over)
	reading.Wait()
	for _, h := range e.watcher.all() {
		if h.viewers != 0 {
			t.Errorf("%d watch when all have gone", h.viewers)
		}
	}
}
