package dhtcore

import (
	"encoding/binary"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/detail"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/peers"
	"dhtop/dhtcore/wire"
)

// asked is a get_peers for hash from an address.
func asked(hash ID, from string, version string, at time.Time) node.Event {
	v := node.Event{Kind: node.Requested, At: at, Hash: hash, From: wire.Contact{ID: ID{0xff}, Addr: addrPort(from)}}
	copy(v.Version[:], version)
	return v
}

// numbered is one of many hashes.
func numbered(i int) (hash ID) {
	binary.BigEndian.PutUint32(hash[:], uint32(i+1))
	return hash
}

// watchHash has a Viewer watch a hash.
func watchHash(t *testing.T, v *Viewer, hash ID) {
	t.Helper()
	if err := v.WatchHash(hash); err != nil {
		t.Fatal(err)
	}
}

func TestADetailTellsWhoAskedByNetworkAndProgram(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	hash, twin, now := ID{1, 19: 9}, ID{1, 8: 1, 19: 9}, time.Now()
	e.observer.observe(asked(hash, "198.51.100.7:1", "LT\x02\x08", now.Add(-3*time.Second))) // only the journal has it
	e.observer.observe(asked(twin, "203.0.113.1:1", "", now.Add(-2*time.Second)))
	v := e.NewViewer()
	defer v.Close()
	if v.Snapshot().Detail != nil {
		t.Fatal("a detail that nobody asked for")
	}
	watchHash(t, v, hash)
	e.observer.observe(asked(hash, "198.51.100.7:1", "LT\x02\x08", now)) // tells the program of the first, too
	e.observer.observe(asked(hash, "198.51.100.8:2", "LT\x02\x08", now))
	e.observer.observe(asked(hash, "198.51.100.9:3", "UT", now))
	e.observer.observe(asked(hash, "[2001:db8:5::1]:3", "", now))
	announce := asked(hash, "[2001:db8:5:6::1]:3", "", now.Add(time.Second))
	announce.Kind, announce.Peer = node.Announced, addrPort("[2001:db8:5:6::1]:51413")
	e.observer.observe(announce)
	e.observer.observe(asked(twin, "203.0.113.2:1", "", now))

	d := v.Snapshot().Detail
	if d.InfoHash != hash || d.Sightings != 6 || !d.Since.Equal(now.Add(-3*time.Second)) {
		t.Fatalf("%+v", d)
	}
	want := []detail.Source{
		{Addr: addrPort("198.51.100.8:2"), Client: "libtorrent 2.0.8", Addrs: 2, Requests: 3, Last: now},
		{Addr: addrPort("[2001:db8:5:6::1]:51413"), Addrs: 2, Requests: 1, Announces: 1, Last: now.Add(time.Second)},
		{Addr: addrPort("198.51.100.9:3"), Client: "µTorrent", Addrs: 1, Requests: 1, Last: now},
	}
	if len(d.Sources) != len(want) {
		t.Fatalf("sources %+v", d.Sources)
	}
	for i, src := range d.Sources {
		if src != want[i] {
			t.Errorf("source %d is %+v, want %+v", i, src, want[i])
		}
	}
	if d.Row.RawRequests != 5 || d.Row.Requests != 4 || len(d.Related) != 1 || ID(d.Related[0].InfoHash) != twin || d.Row.Related != 1 {
		t.Errorf("row %+v, related %+v", d.Row, d.Related)
	}
	total := uint32(0)
	for _, n := range d.History.Minutes {
		total += n
	}
	if total != 4 {
		t.Errorf("%d requests in the history", total)
	}

	watchHash(t, v, ID{})
	if v.Snapshot().Detail != nil {
		t.Error("the detail stays")
	}
}

func TestADetailOfAHashThatIsNotInMemoryIsEmpty(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	v := e.NewViewer()
	defer v.Close()
	watchHash(t, v, ID{4})
	if d := v.Snapshot().Detail; d == nil || d.InfoHash != (ID{4}) || d.Row != (HashRow{InfoHash: ID{4}}) || len(d.Sources) > 0 {
		t.Errorf("%+v", d)
	}
}

func TestADetailHasTheSwarmThatAnnouncedItselfHere(t *testing.T) {
	e, err := Open(offline(""))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	hash := ID{7}
	e.swarms.Announce(hash, somebody, true, peers.DHT, time.Now())
	v := e.NewViewer()
	defer v.Close()
	watchHash(t, v, hash)
	if d := v.Snapshot().Detail; d.Swarm.Seeds != 1 || d.Swarm.Peers[0].Addr != somebody || d.Past.Read {
		t.Errorf("%+v", d.Swarm)
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
}
