package crawl

import (
	"context"
	"encoding/binary"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

var errSilent = errors.New("no answer")

// fakeNetwork is a Querier whose nodes answer as a test wants, after a delay.
type fakeNetwork struct {
	delay     time.Duration
	answer    func(wire.Contact, wire.Query) (wire.Reply, error)
	admission time.Duration // how long a query waits for it

	mu        sync.Mutex
	contacts  []wire.Contact
	asked     map[netip.AddrPort][]time.Time // for samples
	packets   int
	open, max int
	refuse    int // so many queries are not admitted
}

func (n *fakeNetwork) Admit(context.Context, netip.AddrPort) error {
	time.Sleep(n.admission)
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refuse > 0 {
		n.refuse--
		return errSilent
	}
	return nil
}

func (n *fakeNetwork) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	n.mu.Lock()
	n.packets++
	if q.Method == wire.SampleInfohashes {
		n.asked[to.Addr] = append(n.asked[to.Addr], time.Now())
	}
	n.open++
	n.max = max(n.max, n.open)
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		n.open--
		n.mu.Unlock()
	}()
	select {
	case <-time.After(max(n.delay, time.Millisecond)):
		r, err := n.answer(to, q)
		if q.Method != wire.SampleInfohashes {
			r.HasSamples, r.Samples = false, nil
		}
		return r, err
	case <-ctx.Done():
		return wire.Reply{}, ctx.Err()
	}
}

// know replaces the contacts that the crawl is given.
func (n *fakeNetwork) know(contacts ...wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.contacts = contacts
}

func (n *fakeNetwork) sent() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.packets
}

func (n *fakeNetwork) queries() (total int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, times := range n.asked {
		total += len(times)
	}
	return total
}

// contact returns the i-th node, all over the key space.
func contact(i int) wire.Contact {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], 0x08000000+uint32(i)<<8)
	return wire.Contact{ID: wire.ID{byte(i), byte(i >> 8), byte(i >> 16), 1}, Addr: netip.AddrPortFrom(netip.AddrFrom4(ip), 6881)}
}

func contacts(from, to int) (cs []wire.Contact) {
	for ; from < to; from++ {
		cs = append(cs, contact(from))
	}
	return cs
}

// sample is an answer of two hashes.
func sample(interval time.Duration) (wire.Reply, error) {
	return wire.Reply{HasSamples: true, Samples: []wire.ID{{1}, {2}}, Num: 7, Interval: interval}, nil
}

func (n *fakeNetwork) crawl() *Crawl {
	return New(Config{
		Querier: n,
		Contacts: func() []wire.Contact {
			n.mu.Lock()
			defer n.mu.Unlock()
			return n.contacts
		},
		OnAnswer: func(a Answer) int { return len(a.Samples) - 1 },
	})
}

// crawled runs a crawl of n in a bubble of time and hands it to use. Afterwards no query may have
// come too early.
func crawled(t *testing.T, n *fakeNetwork, use func(*Crawl)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n.asked = make(map[netip.AddrPort][]time.Time)
		if n.answer == nil {
			n.answer = func(wire.Contact, wire.Query) (wire.Reply, error) { return sample(time.Hour) }
		}
		c := n.crawl()
		n.while(t.Context(), c, func() { use(c) })
		if v := c.Stats().IntervalViolations; v != 0 {
			t.Errorf("%d queries came before an interval was over", v)
		}
	})
}

// while runs c as long as use does.
func (n *fakeNetwork) while(ctx context.Context, c *Crawl, use func()) {
	ctx, cancel := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { c.Run(ctx) })
	synctest.Wait() // its first round is over
	use()
	cancel()
	done.Wait()
}
