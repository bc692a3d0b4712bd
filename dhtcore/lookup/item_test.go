package lookup_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"sync"
	"testing"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/simnet"
	"dhtop/dhtcore/wire"
)

func key(seed byte) ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(append(make([]byte, ed25519.SeedSize-1), seed))
}

func signed(value string, seq int64, salt string) *wire.Item {
	it := &wire.Item{Value: []byte(value), Seq: seq}
	if salt != "" {
		it.Salt = []byte(salt)
	}
	it.Sign(key(1))
	return it
}

func get(us *node.Node, target wire.ID, salt string, whole bool) *lookup.Lookup {
	return lookup.New(lookup.Config{Target: target, Method: wire.Get, Salt: []byte(salt), Querier: us, Self: []wire.ID{us.ID()},
		Seeds: us.Closest(target, lookup.DefaultK), Whole: whole})
}

// put stores it and returns at how many nodes.
func put(t *testing.T, us *node.Node, it *wire.Item) (stored int, err error) {
	t.Helper()
	l := get(us, it.Target(), string(it.Salt), true)
	l.Run(context.Background())
	err = l.Put(context.Background(), it)
	for _, r := range l.State().Stored {
		if r.Err == nil {
			stored++
		}
	}
	return stored, err
}

func TestAnImmutableItemIsStoredAndFoundAtOnce(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0, func(_ *simnet.Network, us *node.Node) {
		it := &wire.Item{Value: []byte("12:Hello World!")}
		if s := get(us, it.Target(), "", false).Run(context.Background()); s.Item != nil || !s.Done {
			t.Fatalf("found %v before it was stored", s.Item)
		}
		if n, err := put(t, us, it); n != 8 || err != nil {
			t.Fatalf("stored at %d nodes: %v", n, err)
		}
		s := get(us, it.Target(), "", false).Run(context.Background())
		if s.Item == nil || string(s.Item.Value) != string(it.Value) || len(s.ItemFrom) == 0 {
			t.Fatalf("found %+v", s.Item)
		}
		if whole := get(us, it.Target(), "", true).Run(context.Background()); whole.Elapsed <= s.Elapsed || whole.Replied <= s.Replied {
			t.Errorf("%d answers in %s were waited for, %d in %s with all tokens", s.Replied, s.Elapsed, whole.Replied, whole.Elapsed)
		}
		if n, err := put(t, us, it); n != 8 || err != nil { // to keep it alive
			t.Errorf("stored again at %d nodes: %v", n, err)
		}
	})
}

func TestTheNewestVersionOfAMutableItemIsFound(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0, func(_ *simnet.Network, us *node.Node) {
		for _, salt := range []string{"", "a salt"} {
			first := signed("5:first", 1, salt)
			if n, err := put(t, us, first); n != 8 || err != nil {
				t.Fatalf("stored at %d nodes: %v", n, err)
			}
			// Some nodes have a newer version, the others do not.
			newer := signed("6:second", 2, salt)
			l := get(us, newer.Target(), salt, true)
			near := l.Run(context.Background()).Closest
			for _, c := range near[:3] {
				r, err := us.Query(context.Background(), c.Contact, wire.Query{Method: wire.Get, Target: newer.Target()})
				if err != nil {
					t.Fatal(err)
				}
				if _, err := us.Query(context.Background(), c.Contact, wire.Query{Method: wire.Put, Target: newer.Target(),
					Token: r.Token, Item: newer}); err != nil {
					t.Fatal(err)
				}
			}
			s := get(us, newer.Target(), salt, false).Run(context.Background())
			if s.Item == nil || string(s.Item.Value) != "6:second" || s.Item.Seq != 2 || len(s.ItemFrom) != 3 {
				t.Errorf("salt %q: found %+v of %d nodes", salt, s.Item, len(s.ItemFrom))
			}
			if s := get(us, newer.Target(), "wrong", false).Run(context.Background()); s.Item != nil {
				t.Errorf("an item of another salt is taken: %+v", s.Item)
			}
		}
	})
}

func TestAPutStopsAtANewerVersion(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0, func(_ *simnet.Network, us *node.Node) {
		if n, err := put(t, us, signed("5:fifth", 5, "")); n != 8 || err != nil {
			t.Fatalf("stored at %d nodes: %v", n, err)
		}
		if n, err := put(t, us, signed("5:third", 3, "")); n != 0 || !errors.Is(err, lookup.ErrNewer) {
			t.Errorf("an older version was stored at %d nodes: %v", n, err)
		}
		swap := signed("5:sixth", 6, "")
		swap.HasCAS, swap.CAS = true, 4
		if n, err := put(t, us, swap); n != 0 || !errors.Is(err, lookup.ErrConflict) {
			t.Errorf("what was not to be overwritten was, at %d nodes: %v", n, err)
		}
		swap.CAS = 5
		if n, err := put(t, us, swap); n != 8 || err != nil {
			t.Errorf("stored at %d nodes: %v", n, err)
		}
		if n, err := put(t, us, signed("5:other", 6, "")); n != 0 || !errors.Is(err, lookup.ErrNewer) {
			t.Errorf("another value under the same number was stored at %d nodes: %v", n, err)
		}
		bad := signed("5:eight", 8, "")
		bad.Value = []byte("5:false")
		var refused *wire.Error
		if n, err := put(t, us, bad); n != 0 || !errors.As(err, &refused) || refused.Code != wire.CodeSignature {
			t.Errorf("an item with a bad signature was stored at %d nodes: %v", n, err)
		}
	})
}

// A node may refuse what the others store; it may be right, or a liar.
func TestThoseWhoRefuseAPutAreBelievedWhenNobodyStoresIt(t *testing.T) {
	immutable := &wire.Item{Value: []byte("5:hello")}
	for _, c := range []struct {
		it      *wire.Item
		code    int
		refuses byte // those with an ID below
		want    error
	}{
		{signed("1:v", 1, ""), wire.CodeOldSeq, 255, lookup.ErrNewer},
		{signed("1:v", 1, ""), wire.CodeCAS, 255, lookup.ErrConflict},
		{signed("1:v", 1, ""), wire.CodeOldSeq, 2, nil},
		{immutable, wire.CodeOldSeq, 2, nil},
		{immutable, wire.CodeOldSeq, 255, nil},
	} {
		q := script(func(to wire.Contact) (wire.Reply, error) {
			return wire.Reply{From: to, RTT: time.Millisecond, Token: []byte("t")}, nil
		})
		l := lookup.New(lookup.Config{Target: c.it.Target(), Method: wire.Get, Whole: true,
			Querier: refusing{q, c.code, c.refuses}, Seeds: []wire.Contact{contact(1, 1), contact(2, 2)}})
		l.Run(context.Background())
		if err := l.Put(context.Background(), c.it); !errors.Is(err, c.want) || err != nil && c.want == nil {
			t.Errorf("error %d of those below %d ends the put with %v", c.code, c.refuses, err)
		}
		stored := 0
		for _, r := range l.State().Stored {
			if r.Err == nil {
				stored++
			}
		}
		if want := map[byte]int{2: 1, 255: 0}[c.refuses]; stored != want {
			t.Errorf("stored at %d nodes, want %d", stored, want)
		}
	}
}

// refusing answers some puts with an error.
type refusing struct {
	script
	code  int
	below byte
}

func (r refusing) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if q.Method == wire.Put && to.ID[0] < r.below {
		return wire.Reply{}, &wire.Error{Code: r.code}
	}
	return r.script.Ask(ctx, to, q)
}

// counting counts the puts.
type counting struct {
	script
	puts *int
}

func (c counting) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if q.Method == wire.Put {
		*c.puts++
	}
	return c.script.Ask(ctx, to, q)
}

// putSpy remembers the nodes that were sent a put, and whether that named a version to overwrite.
type putSpy struct {
	lookup.Querier
	mu  sync.Mutex
	cas map[wire.ID]bool
}

func (s *putSpy) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if q.Method == wire.Put {
		s.mu.Lock()
		s.cas[to.ID] = q.Item.HasCAS
		s.mu.Unlock()
	}
	return s.Querier.Ask(ctx, to, q)
}

func TestOnlyNodesThatGaveAnItemAreToldWhichToOverwrite(t *testing.T) {
	inNetwork(t, simnet.Config{Nodes: 200}, 0, func(_ *simnet.Network, us *node.Node) {
		first := signed("5:first", 1, "")
		tokens := get(us, first.Target(), "", true)
		near := tokens.Run(context.Background()).Closest
		holders := map[wire.ID]bool{}
		for _, n := range near[1:4] {
			reply, err := us.Query(context.Background(), n.Contact, wire.Query{Method: wire.Get, Target: first.Target()})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := us.Query(context.Background(), n.Contact, wire.Query{Method: wire.Put, Token: reply.Token, Item: first}); err != nil {
				t.Fatal(err)
			}
			holders[n.ID] = true
		}
		second := signed("6:second", 2, "")
		second.CAS, second.HasCAS = 1, true
		spy := &putSpy{Querier: us, cas: make(map[wire.ID]bool)}
		l := lookup.New(lookup.Config{Target: first.Target(), Method: wire.Get, Querier: spy, Whole: true,
			Seeds: us.Closest(first.Target(), lookup.DefaultK)})
		l.Run(context.Background())
		if err := l.Put(context.Background(), second); err != nil || len(spy.cas) != 8 {
			t.Fatalf("put to %d nodes: %v", len(spy.cas), err)
		}
		for id, cas := range spy.cas {
			if cas != holders[id] {
				t.Errorf("node %s gave an item: %v; it was told to overwrite one: %v", id, holders[id], cas)
			}
		}
		if !second.HasCAS {
			t.Error("the caller's item was changed")
		}
	})
}

func TestWhatMustNotBeOverwrittenIsNotEvenSent(t *testing.T) {
	old := signed("5:fifth", 5, "")
	swap := func(cas int64) *wire.Item {
		it := signed("5:sixth", 6, "")
		it.HasCAS, it.CAS = true, cas
		return it
	}
	for _, c := range []struct {
		it   *wire.Item
		want error
		puts int
	}{
		{swap(4), lookup.ErrConflict, 0},
		{swap(5), nil, 1},
		{signed("5:fifth", 4, ""), lookup.ErrNewer, 0},
		{signed("5:other", 5, ""), lookup.ErrNewer, 0},
		{signed("5:fifth", 5, ""), nil, 1},
	} {
		puts := 0
		q := counting{func(to wire.Contact) (wire.Reply, error) {
			it := old.Clone()
			return wire.Reply{From: to, RTT: time.Millisecond, Token: []byte("t"), Item: &it}, nil
		}, &puts}
		l := lookup.New(lookup.Config{Target: old.Target(), Method: wire.Get, Whole: true, Querier: q,
			Seeds: []wire.Contact{contact(1, 1)}})
		l.Run(context.Background())
		if err := l.Put(context.Background(), c.it); !errors.Is(err, c.want) || err != nil && c.want == nil || puts != c.puts {
			t.Errorf("%s, number %d: %v after %d puts", c.it.Value, c.it.Seq, err, puts)
		}
	}
}

func TestFalseItemsAreNotTaken(t *testing.T) {
	right := signed("5:right", 1, "")
	for _, false1 := range []wire.Item{
		{Value: []byte("5:wrong")},
		{Value: []byte("5:wrong"), Key: right.Key, Sig: right.Sig, Seq: 9, HasSeq: true},
		{Key: right.Key, HasSeq: true, Seq: 9},
		{},
	} {
		s := lookup.New(lookup.Config{Target: right.Target(), Method: wire.Get,
			Querier: script(func(to wire.Contact) (wire.Reply, error) {
				r := wire.Reply{From: to, RTT: time.Millisecond, Item: right}
				if to.ID[0] == 1 {
					r.Item = &false1
				}
				copied := r.Item.Clone()
				r.Item = &copied
				return r, nil
			}), Seeds: []wire.Contact{contact(1, 1), contact(2, 2)}}).Run(context.Background())
		if s.Item == nil || string(s.Item.Value) != "5:right" || len(s.ItemFrom) != 1 || s.Replied != 2 {
			t.Errorf("found %+v", s.Item)
		}
	}
}
