package crawl

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"reflect"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

var errSilent = errors.New("no answer")

// network is a Querier whose nodes answer as a test wants, after a delay.
type network struct {
	delay  time.Duration
	answer func(wire.Contact) (wire.Reply, error)

	mu        sync.Mutex
	contacts  []wire.Contact
	asked     map[netip.AddrPort][]time.Time
	targets   map[wire.ID]bool
	open, max int
}

func (n *network) Admit(context.Context, netip.AddrPort) error { return nil }

func (n *network) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	if q.Method != wire.SampleInfohashes {
		return wire.Reply{}, fmt.Errorf("asked to %s", q.Method)
	}
	n.mu.Lock()
	n.asked[to.Addr] = append(n.asked[to.Addr], time.Now())
	n.targets[q.Target] = true
	n.open++
	n.max = max(n.max, n.open)
	n.mu.Unlock()
	defer func() {
		n.mu.Lock()
		n.open--
		n.mu.Unlock()
	}()
	if n.delay == 0 {
		return n.answer(to) // Go 1.26's race detector dies of a timer of 0 in a synctest bubble
	}
	select {
	case <-time.After(n.delay):
		return n.answer(to)
	case <-ctx.Done():
		return wire.Reply{}, ctx.Err()
	}
}

// know replaces the contacts that the crawl is given.
func (n *network) know(contacts ...wire.Contact) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.contacts = contacts
}

func (n *network) inFlight() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.open
}

func (n *network) questions() (total int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, times := range n.asked {
		total += len(times)
	}
	return total
}

// contact returns the i-th node.
func contact(i int) wire.Contact {
	var ip [4]byte
	binary.BigEndian.PutUint32(ip[:], 0x08000000+uint32(i))
	return wire.Contact{ID: wire.ID{byte(i >> 16), byte(i >> 8), byte(i), 1}, Addr: netip.AddrPortFrom(netip.AddrFrom4(ip), 6881)}
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

// crawled runs a crawl of n in a bubble of time and hands it to use. Afterwards no question may have
// come too early.
func crawled(t *testing.T, n *network, use func(*Crawl)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		n.asked, n.targets = make(map[netip.AddrPort][]time.Time), make(map[wire.ID]bool)
		if n.answer == nil {
			n.answer = func(wire.Contact) (wire.Reply, error) { return sample(time.Hour) }
		}
		c := New(Config{
			Querier: n,
			Contacts: func() []wire.Contact {
				n.mu.Lock()
				defer n.mu.Unlock()
				return n.contacts
			},
			OnAnswer: func(a Answer) int { return len(a.Samples) - 1 },
		})
		ctx, cancel := context.WithCancel(t.Context())
		var done sync.WaitGroup
		done.Go(func() { c.Run(ctx) })
		use(c)
		cancel()
		done.Wait()
		if v := c.Stats().IntervalViolations; v != 0 {
			t.Errorf("%d questions came before an interval was over", v)
		}
	})
}

// packet passes a reply with the given interval through the wire.
func packet(t *testing.T, interval string) func(wire.Contact) (wire.Reply, error) {
	t.Helper()
	var m wire.Message
	if err := wire.Scan([]byte("d1:rd2:id20:abcdefghij01234567898:intervali"+interval+"e7:samples0:e1:t2:aa1:y1:re"), &m); err != nil {
		t.Fatal(err)
	}
	return func(c wire.Contact) (wire.Reply, error) { return m.Reply(c.Addr, 0), nil }
}

func TestANodeIsAskedAgainWhenItsIntervalIsOver(t *testing.T) {
	answer := func(r wire.Reply, err error) func(wire.Contact) (wire.Reply, error) {
		return func(wire.Contact) (wire.Reply, error) { return r, err }
	}
	for name, c := range map[string]struct {
		answer func(wire.Contact) (wire.Reply, error)
		want   time.Duration // 0 for never
	}{
		"a minute":                    {packet(t, "60"), time.Minute},
		"the longest interval":        {packet(t, "21600"), 6 * time.Hour},
		"a hostile 0":                 {packet(t, "0"), minInterval},
		"a hostile -1":                {packet(t, "-1"), minInterval},
		"a hostile 10^12":             {packet(t, "1000000000000"), 6 * time.Hour},
		"a hostile 10^30":             {packet(t, "1000000000000000000000000000000"), 6 * time.Hour},
		"the longest Duration":        {answer(sample(math.MaxInt64)), 0},
		"a negative Duration":         {answer(sample(math.MinInt64)), minInterval},
		"silence":                     {answer(wire.Reply{}, errSilent), 10 * time.Minute},
		"a reply without samples":     {answer(wire.Reply{}, nil), 6 * time.Hour},
		"the error of another method": {answer(wire.Reply{}, &wire.Error{Code: wire.CodeMethodUnknown}), 6 * time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			n := &network{answer: c.answer, delay: 300 * time.Millisecond, contacts: contacts(0, 1)}
			crawled(t, n, func(crawl *Crawl) {
				crawl.SetRunning(true)
				time.Sleep(max(3*c.want, time.Hour))
			})
			asked := n.asked[contact(0).Addr]
			if c.want == 0 {
				if len(asked) != 1 {
					t.Errorf("asked %d times", len(asked))
				}
				return
			}
			if len(asked) < 3 {
				t.Fatalf("asked %d times", len(asked))
			}
			for i := 1; i < len(asked); i++ {
				// The node's clock starts when it answers.
				if pause := asked[i].Sub(asked[i-1]) - n.delay; pause < c.want || pause > c.want+roundEvery {
					t.Fatalf("question %d came after %s, want %s", i, pause, c.want)
				}
			}
		})
	}
}

func TestANodeThatChangesItsIDIsNotAskedSooner(t *testing.T) {
	n := &network{}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		for i := range 600 {
			other := contact(0)
			other.ID[19] = byte(i)
			n.know(other, contact(0))
			time.Sleep(time.Second)
		}
	})
	if asked := n.questions(); asked != 1 {
		t.Errorf("asked %d times in ten minutes of an hour's interval", asked)
	}
}

func TestNoMoreThanSixteenAreAskedAtOnce(t *testing.T) {
	n := &network{delay: 5 * time.Second, contacts: contacts(0, 100)}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		synctest.Wait()
		if open := n.inFlight(); open != atOnce {
			t.Errorf("%d questions in flight at first", open)
		}
		time.Sleep(7 * 5 * time.Second)
	})
	if n.max != atOnce || len(n.asked) != 100 {
		t.Errorf("%d questions in flight at most, %d nodes asked", n.max, len(n.asked))
	}
	if len(n.targets) != 100 {
		t.Errorf("%d targets in 100 questions", len(n.targets))
	}
}

func TestAPausedCrawlAsksNobody(t *testing.T) {
	n := &network{delay: time.Second, contacts: contacts(0, 100)}
	crawled(t, n, func(c *Crawl) {
		time.Sleep(time.Hour)
		if asked := n.questions(); asked != 0 || c.Stats().Running {
			t.Fatalf("%d asked before it was started", asked)
		}
		time.Sleep(roundEvery / 2)
		c.SetRunning(true)
		synctest.Wait()
		if asked := n.questions(); asked != atOnce || !c.Stats().Running {
			t.Fatalf("%d asked at once when it was started", asked)
		}
		c.SetRunning(false)
		time.Sleep(time.Hour / 2)
		if asked := n.questions(); asked != atOnce || c.Stats().Running {
			t.Fatalf("%d asked by the round that was paused", asked)
		}
		c.SetRunning(true)
		time.Sleep(time.Hour / 4)
		if asked := n.questions(); asked != 100 {
			t.Fatalf("%d asked after it was resumed", asked)
		}
	})
}

func TestTheStatsSayHowTheCrawlStands(t *testing.T) {
	n := &network{delay: time.Second, contacts: contacts(0, 6)}
	n.answer = func(c wire.Contact) (wire.Reply, error) {
		switch c {
		case contact(0), contact(1), contact(2):
			return sample(time.Hour)
		case contact(3):
			return wire.Reply{}, nil
		case contact(4):
			return wire.Reply{}, &wire.Error{Code: wire.CodeMethodUnknown}
		}
		return wire.Reply{}, errSilent
	}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		want := Stats{Running: true, NodesAsked: 6, NodesSpeaking: 3, NodesWaiting: 6, Queries: 6, Replies: 5, Hashes: 6, New: 3}
		if got := c.Stats(); !reflect.DeepEqual(got, want) {
			t.Errorf("after a round\ngot  %+v\nwant %+v", got, want)
		}
		time.Sleep(time.Hour + time.Minute)
		synctest.Wait()
		want = Stats{Running: true, NodesAsked: 6, NodesSpeaking: 3, NodesWaiting: 6, Queries: 15, Replies: 8, Hashes: 12, New: 6}
		if got := c.Stats(); !reflect.DeepEqual(got, want) {
			t.Errorf("after an hour\ngot  %+v\nwant %+v", got, want)
		}
	})
}

func TestAnAnswerIsHandedOnWithWhoGaveIt(t *testing.T) {
	var got []Answer
	n := &network{contacts: contacts(0, 2)}
	n.answer = func(c wire.Contact) (wire.Reply, error) {
		if c == contact(1) {
			return wire.Reply{}, nil // not an answer
		}
		return sample(time.Hour)
	}
	crawled(t, n, func(c *Crawl) {
		c.cfg.OnAnswer = func(a Answer) int { got = append(got, a); return 0 }
		c.SetRunning(true)
		time.Sleep(time.Minute)
	})
	if len(got) != 1 || got[0].From != contact(0) || len(got[0].Samples) != 2 || got[0].Num != 7 || got[0].Interval != time.Hour {
		t.Errorf("got %+v", got)
	}
}

func TestNodesThatWentAreForgottenWhenTheirIntervalsAreOver(t *testing.T) {
	n := &network{}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		for i := range 150 {
			n.know(contacts(i*10, i*10+10)...)
			time.Sleep(time.Minute)
		}
		time.Sleep(roundEvery)
		synctest.Wait()
		c.mu.Lock()
		remembered := len(c.visits)
		c.mu.Unlock()
		// An hour's worth of ten a minute are those that may not be asked yet.
		if remembered < 580 || remembered > 620 {
			t.Errorf("%d nodes are remembered", remembered)
		}
		if s := c.Stats(); s.NodesAsked != 1_500 || s.NodesSpeaking != 1_500 || s.NodesWaiting > remembered {
			t.Errorf("%+v", s)
		}
		n.know(contacts(1_400, 1_500)...)
		time.Sleep(time.Minute)
	})
	if asked := n.questions(); asked != 1_500 {
		t.Errorf("%d questions to 1,500 nodes: some that came back were asked too early", asked)
	}
}

func TestRunWaitsForTheQuestionsInFlight(t *testing.T) {
	n := &network{delay: time.Hour, contacts: contacts(0, 100)}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(time.Second)
	})
	if open := n.inFlight(); open != 0 {
		t.Errorf("%d questions are still in flight", open)
	}
}
