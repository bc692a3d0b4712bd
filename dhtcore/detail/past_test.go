package detail

import (
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"dhtop/dhtcore/store"
	"dhtop/dhtcore/wire"
)

func TestThePastOfAHashIsReadFromTheStore(t *testing.T) {
	st, err := store.Open(t.Context(), store.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "x.sqlite")})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	now, r := time.Now(), new(Pasts)
	save := func(hash wire.ID, host byte, first, last time.Time) {
		t.Helper()
		p := store.Peer{InfoHash: hash, Addr: netip.AddrPortFrom(netip.AddrFrom4([4]byte{192, 0, 2, host}), 6881), Found: 1, FirstSeen: first, LastSeen: last}
		if err := st.Save(t.Context(), store.Batch{Peers: []store.Peer{p}}); err != nil {
			t.Fatal(err)
		}
	}
	save(wire.ID{1}, 1, now.Add(-3*day), now)
	save(wire.ID{1}, 2, now, now)
	save(wire.ID{2}, 3, now, now)
	r.Read(t.Context(), st, now)
	if past, _ := r.of(wire.ID{1}); past.Read {
		t.Fatal("it was read although nobody watches a hash")
	}
	r.watch(wire.ID{1})
	r.Read(t.Context(), st, now)
	past, all := r.of(wire.ID{1})
	if !past.Read || past.More || len(all) != 2 || past.Days[PastDays-1] != 1 || past.Days[PastDays-1-3] != 1 {
		t.Fatalf("%+v with %d peers", past, len(all))
	}
	save(wire.ID{1}, 4, now, now)
	r.Read(t.Context(), st, now.Add(pastEvery/2))
	if _, all = r.of(wire.ID{1}); len(all) != 2 {
		t.Error("it is read again at once")
	}
	r.Read(t.Context(), st, now.Add(pastEvery))
	if _, all = r.of(wire.ID{1}); len(all) != 3 {
		t.Errorf("%d peers after a while", len(all))
	}
	r.forget(wire.ID{1})
	r.watch(wire.ID{2})
	if past, all := r.of(wire.ID{1}); past.Read || all != nil {
		t.Error("it is kept though nobody watches")
	}
	if past, all := r.of(wire.ID{2}); past.Read || all != nil {
		t.Error("another hash has the past of the first")
	}
}
