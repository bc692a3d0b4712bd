package lookup

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// deaf is a Querier whose nodes reply to the query with a number only, from 0; a query takes 10 s to fail.
type deaf struct {
	hears int
	mu    sync.Mutex // guards asked while a lookup runs
	asked map[netip.AddrPort]int
}

func (*deaf) Admit(context.Context, netip.AddrPort) error { return nil }

func (d *deaf) Ask(ctx context.Context, to wire.Contact, _ wire.Query) (wire.Reply, error) {
	d.mu.Lock()
	d.asked[to.Addr]++
	times := d.asked[to.Addr]
	d.mu.Unlock()
	if times == d.hears+1 {
		time.Sleep(time.Millisecond)
		return wire.Reply{From: to, RTT: time.Millisecond}, nil
	}
	select {
	case <-ctx.Done():
	case <-time.After(10 * time.Second):
	}
	return wire.Reply{}, errors.New("no reply")
}

// lossyShared has seen as many losses as replies of nodes that had replied, and knows the nodes with the IDs 1 to 8.
func lossyShared() (s *Shared, known []wire.Contact) {
	s = NewShared()
	for range 200 {
		s.countSteady(true)
		s.countSteady(false)
	}
	for i := byte(1); i <= 8; i++ {
		known = append(known, at(i, i))
		s.Replied(at(i, i), time.Millisecond)
	}
	return s, known
}

func TestWherePacketsGetLostASilentNodeIsAskedAgain(t *testing.T) {
	for _, c := range []struct {
		lossy          bool
		hears          int // that query
		asked, replied int
	}{
		{true, 0, 1, 8}, {true, 1, 2, 8}, {true, 100, 3, 0}, {false, 1, 1, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			shared, known := lossyShared()
			if !c.lossy {
				shared.steadiness = steadiness{}
			}
			q := &deaf{hears: c.hears, asked: make(map[netip.AddrPort]int)}
			s := New(Config{Target: wire.ID{19: 1}, Querier: q, Shared: shared, Seeds: known}).Run(context.Background())
			for addr, asked := range q.asked {
				if asked != c.asked {
					t.Errorf("%+v: %s was asked %d times", c, addr, asked)
				}
			}
			if s.Replied != c.replied || len(s.Steps) != 8 || s.InFlight != 0 {
				t.Errorf("%+v: %d of %d replied, %+v", c, s.Replied, len(s.Steps), s.Round)
			}
		})
	}
}

// An address that never answered gets one query more at most.
func TestAnAddressThatAnybodyCanNameIsHardlyAskedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shared, _ := lossyShared()
		q := &deaf{hears: 100, asked: make(map[netip.AddrPort]int)}
		stranger := at(99, 99)
		shared.caches = [wire.Families]nodeCache{}
		New(Config{Target: wire.ID{19: 1}, Querier: q, Shared: shared, Seeds: []wire.Contact{stranger}}).Run(context.Background())
		if q.asked[stranger.Addr] != maxAsked {
			t.Errorf("it was asked %d times", q.asked[stranger.Addr])
		}
	})
}

func TestALateReplyToAnEarlierQueryCounts(t *testing.T) {
	shared, known := lossyShared()
	l := fresh(Config{Target: wire.ID{19: 1}, Shared: shared, Seeds: known[:1]})
	ask := func() *query {
		l.pending = l.nextCloser()
		q := l.pending
		l.handleAdmitted(q)
		return q
	}
	first := ask()
	c := first.to
	l.overdue(first)
	if c.status != heard {
		t.Fatalf("status %d after a loss", c.status)
	}
	second := ask()
	l.handleResult(result{first, wire.Reply{}, errors.New("no reply")})
	if c.status != waiting {
		t.Fatalf("the failure of the first query makes status %d", c.status)
	}
	l.handleResult(first.reply(time.Second))
	l.handleResult(result{second, wire.Reply{}, errors.New("no reply")})
	if c.status != replied || len(l.queried) != 1 {
		t.Errorf("status %d, %d steps", c.status, len(l.queried))
	}
}

func TestHowOftenANodeIsAskedFollowsTheLoss(t *testing.T) {
	for _, c := range []struct{ replied, failed, want int }{{0, 0, 1}, {95, 5, 1}, {0, 3, 1}, {70, 70, 4}, {0, 100, mostTries}} {
		var s steadiness
		for range c.replied {
			s.add(true)
		}
		for range c.failed {
			s.add(false)
		}
		if got := s.tries(); got != c.want {
			t.Errorf("%d replied and %d did not: %d tries, want %d", c.replied, c.failed, got, c.want)
		}
	}
}
