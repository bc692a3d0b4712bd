package items

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"net/netip"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// local is where nobody is held to a share; the hosts are.
var (
	local   = netip.MustParseAddr("10.0.0.1")
	parties = []netip.Addr{netip.MustParseAddr("8.8.8.8"), netip.MustParseAddr("9.9.9.9"), netip.MustParseAddr("2a00::1")}
)

var owner = ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))

// note is the immutable item of number i, 10 bytes long; page is a mutable one.
func note(i int) *wire.Item { return &wire.Item{Value: []byte(fmt.Sprintf("8:%08d", i))} }

func page(value string, seq int64) *wire.Item {
	it := &wire.Item{Value: []byte(value), Seq: seq, Salt: []byte("page")}
	it.Sign(owner)
	return it
}

// over is it as a put that expects cas.
func over(cas int64, it *wire.Item) *wire.Item {
	it.CAS, it.HasCAS = cas, true
	return it
}

func put(t *testing.T, s *Store, it *wire.Item, now time.Time) {
	t.Helper()
	if err := s.Put(it, local, now); err != nil {
		t.Errorf("put of %q: %v", it.Value, err)
	}
}

func expectValue(t *testing.T, s *Store, it *wire.Item, now time.Time, want string) {
	t.Helper()
	if got, ok := s.Get(it.Target(), now); ok != (want != "") || string(got.Value) != want {
		t.Errorf("got %q, want %q", got.Value, want)
	}
}

func TestAnItemIsReturnedAsItWasPut(t *testing.T) {
	s, now := New(Config{}), time.Now()
	for _, it := range []*wire.Item{note(1), page("d1:ai1ee", 7), {Value: []byte("0:"), Seq: 3, HasSeq: true, Salt: []byte("no matter")}} {
		sent := it.Clone()
		put(t, s, &sent, now)
		for i := range sent.Value {
			sent.Value[i] = 'x'
		}
		got, ok := s.Get(it.Target(), now)
		if !ok || string(got.Value) != string(it.Value) || string(got.Key) != string(it.Key) || string(got.Sig) != string(it.Sig) {
			t.Errorf("got %+v, want %+v", got, it)
		}
		if got.HasSeq != it.Mutable() || it.Mutable() && got.Seq != it.Seq {
			t.Errorf("sequence number %d of %+v", got.Seq, it)
		}
	}
	if _, ok := s.Get(wire.ID{1}, now); ok {
		t.Error("an item that nobody put")
	}
}

func TestWhatIsWrongIsNotStored(t *testing.T) {
	s, now := New(Config{}), time.Now()
	forged := page("1:x", 1)
	forged.Sig[0] ^= 1
	for _, it := range []*wire.Item{{}, {Value: make([]byte, wire.MaxValue+1)}, forged} {
		var e *wire.Error
		if err := s.Put(it, local, now); !errors.As(err, &e) {
			t.Errorf("%+v: %v", it, err)
		}
	}
	if items, bytes := s.Len(now); items != 0 || bytes != 0 {
		t.Errorf("%d items, %d bytes", items, bytes)
	}
}

func TestAMutableItemOnlyMovesForward(t *testing.T) {
	for _, c := range []struct {
		name  string
		next  *wire.Item
		err   error
		value string
	}{
		{"a newer one", page("1:b", 6), nil, "1:b"},
		{"the same again", page("1:a", 5), nil, "1:a"},
		{"another of the same number", page("1:b", 5), ErrOldSeq, "1:a"},
		{"an older one", page("1:b", 4), ErrOldSeq, "1:a"},
		{"an older one of the same value", page("1:a", 4), ErrOldSeq, "1:a"},
		{"a newer one over this", over(5, page("1:b", 6)), nil, "1:b"},
		{"a newer one over another", over(4, page("1:b", 6)), ErrCAS, "1:a"},
		{"a newer one over none", over(0, page("1:b", 6)), ErrCAS, "1:a"},
		{"an older one over another", over(3, page("1:b", 4)), ErrCAS, "1:a"},
		{"an older one over this", over(5, page("1:b", 4)), ErrOldSeq, "1:a"},
	} {
		s, now := New(Config{}), time.Now()
		put(t, s, over(99, page("1:a", 5)), now) // of no account where nothing is stored
		if err := s.Put(c.next, local, now); !errors.Is(err, c.err) {
			t.Errorf("%s: %v, want %v", c.name, err, c.err)
		}
		expectValue(t, s, c.next, now, c.value)
	}
}

func TestAnItemLivesTwoHoursFromItsLastPut(t *testing.T) {
	s, now := New(Config{}), time.Now()
	put(t, s, note(1), now)
	put(t, s, page("1:a", 5), now)
	put(t, s, note(1), now.Add(time.Hour))
	if err := s.Put(page("1:b", 5), local, now.Add(time.Hour)); err == nil {
		t.Error("another item of the same number was taken")
	}
	for _, c := range []struct {
		after      time.Duration
		note, page string
	}{
		{2*time.Hour - 1, "8:00000001", "1:a"}, {2 * time.Hour, "8:00000001", ""}, {3*time.Hour - 1, "8:00000001", ""}, {3 * time.Hour, "", ""},
	} {
		expectValue(t, s, note(1), now.Add(c.after), c.note)
		expectValue(t, s, page("1:a", 5), now.Add(c.after), c.page)
	}
	if items, bytes := s.Len(now.Add(3 * time.Hour)); items != 0 || bytes != 0 {
		t.Errorf("%d items, %d bytes", items, bytes)
	}
	put(t, s, page("1:z", 1), now.Add(3*time.Hour)) // what has expired is no obstacle
}

func TestAFullStoreDropsTheOnePutLongestAgo(t *testing.T) {
	each := (&entry{item: *note(0)}).size()
	for name, cfg := range map[string]Config{"items": {MaxItems: 3}, "bytes": {MaxBytes: 3*each + 1}} {
		s, now := New(cfg), time.Now()
		for i := range 3 {
			put(t, s, note(i), now.Add(time.Duration(i)))
		}
		put(t, s, note(0), now.Add(3))
		put(t, s, note(3), now.Add(4))
		for i, want := range []string{"8:00000000", "", "8:00000002", "8:00000003"} {
			expectValue(t, s, note(i), now.Add(5), want)
		}
		if items, bytes := s.Len(now.Add(5)); items != 3 || bytes != 3*each {
			t.Errorf("a cap on %s: %d items, %d bytes", name, items, bytes)
		}
		put(t, s, note(4), now.Add(DefaultTTL+2)) // note 2 has expired, note 0 need not go
		expectValue(t, s, note(0), now.Add(DefaultTTL+2), "8:00000000")
	}
}

func TestAnUpdateIsCountedByItsOwnSize(t *testing.T) {
	s, now := New(Config{}), time.Now()
	put(t, s, page("1:a", 1), now)
	_, before := s.Len(now)
	put(t, s, page("10:abcdefghij", 2), now)
	if items, bytes := s.Len(now); items != 1 || bytes != before+10 {
		t.Errorf("%d items, %d bytes after %d", items, bytes, before)
	}
}

func TestTheStoreIsSafeForConcurrentUse(t *testing.T) {
	s, now := New(Config{MaxItems: 50, TTL: time.Minute}), time.Now()
	var users sync.WaitGroup
	for u := range 8 {
		users.Go(func() {
			for i := range 500 {
				at := now.Add(time.Duration(i) * time.Second)
				s.Put(note(i*u%80), parties[i%3], at) //nolint:errcheck // must not race
				if it, ok := s.Get(note(i%80).Target(), at); ok && len(it.Value) != 10 {
					t.Errorf("got %q", it.Value)
				}
				s.Len(at)
			}
		})
	}
	users.Wait()
	if items, bytes := s.Len(now.Add(time.Hour)); items != 0 || bytes != 0 || len(s.byTarget)+len(s.each) != 0 {
		t.Errorf("%d items, %d bytes, %d targets and %d parties are left", items, bytes, len(s.byTarget), len(s.each))
	}
}

func TestAFloodOfItemsDrivesOutNobody(t *testing.T) {
	s, now := New(Config{MaxItems: 50, MaxEach: 10}), time.Now()
	if err := s.Put(note(0), parties[0], now); err != nil {
		t.Fatal(err)
	}
	for i := range 100 {
		neighbour := parties[2]
		for range i {
			neighbour = neighbour.Next() // in the same /64
		}
		if err := s.Put(note(1+i), neighbour, now); (err == nil) != (i < 10) || err != nil && !errors.Is(err, ErrShare) {
			t.Fatalf("item %d of one network: %v", i, err)
		}
	}
	expectValue(t, s, note(0), now, "8:00000000")
	if err := s.Put(note(1), parties[2], now); err != nil {
		t.Errorf("an item of its own again: %v", err)
	}
	if err := s.Put(note(0), parties[2], now); !errors.Is(err, ErrShare) {
		t.Errorf("somebody else's: %v", err)
	}
	if err := s.Put(note(1), parties[1], now); err != nil {
		t.Errorf("his by another: %v", err)
	}
	if err := s.Put(note(500), parties[2], now); err != nil {
		t.Errorf("one in the place of the one that another took over: %v", err)
	}
	if err := s.Put(note(501), parties[2], now.Add(DefaultTTL)); err != nil {
		t.Errorf("when the others have expired: %v", err)
	}
	for i := range 100 {
		if err := s.Put(note(1000+i), local, now); err != nil {
			t.Fatalf("item %d of a local network: %v", i, err)
		}
	}
}
