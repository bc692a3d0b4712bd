package crawl

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// packet passes a reply with the given interval through the wire.
func packet(t *testing.T, interval string) func(wire.Contact, wire.Query) (wire.Reply, error) {
	t.Helper()
	var m wire.Message
	if err := wire.Scan([]byte("d1:rd2:id20:abcdefghij01234567898:intervali"+interval+"e7:samples0:e1:t2:aa1:y1:re"), &m); err != nil {
		t.Fatal(err)
	}
	return func(c wire.Contact, _ wire.Query) (wire.Reply, error) {
		r := m.Reply(c.Addr, 0)
		r.From = c
		return r, nil
	}
}

func TestANodeIsAskedAgainWhenItsIntervalIsOver(t *testing.T) {
	answer := func(r wire.Reply, err error) func(wire.Contact, wire.Query) (wire.Reply, error) {
		return func(wire.Contact, wire.Query) (wire.Reply, error) { return r, err }
	}
	for name, c := range map[string]struct {
		answer func(wire.Contact, wire.Query) (wire.Reply, error)
		want   time.Duration
	}{
		"a minute":                    {packet(t, "60"), time.Minute},
		"the longest interval":        {packet(t, "21600"), 6 * time.Hour},
		"a hostile 0":                 {packet(t, "0"), minInterval},
		"a hostile -1":                {packet(t, "-1"), minInterval},
		"a hostile 10^30":             {packet(t, "1000000000000000000000000000000"), 6 * time.Hour},
		"the longest Duration":        {answer(sample(math.MaxInt64)), 6 * time.Hour},
		"a negative Duration":         {answer(sample(math.MinInt64)), minInterval},
		"a reply without samples":     {answer(wire.Reply{}, nil), retryMute},
		"the error of another method": {answer(wire.Reply{}, &wire.Error{Code: wire.CodeMethodUnknown}), retryMute},
	} {
		t.Run(name, func(t *testing.T) {
			n := &fakeNetwork{answer: c.answer, delay: 300 * time.Millisecond, contacts: contacts(0, 1)}
			crawled(t, n, func(crawl *Crawl) {
				crawl.SetRunning(true)
				time.Sleep(c.want + min(2*c.want, time.Hour) + 10*time.Minute)
			})
			asked := n.asked[contact(0).Addr]
			if len(asked) < 2 {
				t.Fatalf("asked %d times", len(asked))
			}
			// The node's clock starts when it answers; the next sweep begins with some slack.
			if pause := asked[1].Sub(asked[0]) - n.delay; pause < c.want || pause > c.want+3*time.Minute {
				t.Fatalf("the second query came after %s, want %s", pause, c.want)
			}
		})
	}
}

func TestASilentNodeIsAskedOnceASweepAndADeadOneSeldom(t *testing.T) {
	n := &fakeNetwork{contacts: contacts(0, 2)}
	n.answer = func(c wire.Contact, _ wire.Query) (wire.Reply, error) {
		if c == contact(0) {
			return wire.Reply{}, errSilent
		}
		return sample(time.Hour)
	}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(12 * time.Hour)
	})
	if asked := len(n.asked[contact(0).Addr]); asked != 2 {
		t.Errorf("asked %d times in 12 hours", asked)
	}
	if asked := len(n.asked[contact(1).Addr]); asked < 11 {
		t.Errorf("the other was asked %d times", asked)
	}
}

func TestANodeThatChangesItsIDIsNotAskedSooner(t *testing.T) {
	n := &fakeNetwork{}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		for i := range 600 {
			other := contact(0)
			other.ID[19] = byte(i)
			n.know(other, contact(0))
			time.Sleep(time.Second)
		}
	})
	if asked := n.queries(); asked != 1 {
		t.Errorf("asked %d times in ten minutes of an hour's interval", asked)
	}
}

func TestANodeThatChangesItsAddressIsNotAskedSooner(t *testing.T) {
	n := &fakeNetwork{}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		for i := range 60 {
			moved := contact(i)
			moved.ID = contact(0).ID
			n.know(moved)
			time.Sleep(30 * time.Second)
		}
	})
	if asked := n.queries(); asked != 1 {
		t.Errorf("asked %d times in half an hour of an hour's interval", asked)
	}
}

func TestAPausedCrawlAsksNobody(t *testing.T) {
	n := &fakeNetwork{delay: time.Second, contacts: contacts(0, 100)}
	crawled(t, n, func(c *Crawl) {
		time.Sleep(time.Hour)
		if n.sent() != 0 || c.Stats().Running {
			t.Fatalf("%d packets before it was started", n.sent())
		}
		c.SetRunning(true)
		time.Sleep(roundEvery + roundEvery/2)
		c.SetRunning(false)
		time.Sleep(10 * time.Second)
		before := n.sent()
		time.Sleep(time.Hour / 2)
		if n.sent() != before || c.Stats().Running {
			t.Fatalf("%d packets when it was paused", n.sent()-before)
		}
		c.SetRunning(true)
		time.Sleep(time.Hour / 4)
		if asked := n.queries(); asked != 100 {
			t.Fatalf("%d asked after it was resumed", asked)
		}
	})
}

func TestTheStatsSayHowTheCrawlStands(t *testing.T) {
	n := &fakeNetwork{delay: time.Second, contacts: contacts(0, 6)}
	n.answer = func(c wire.Contact, _ wire.Query) (wire.Reply, error) {
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
		time.Sleep(5 * time.Minute)
		synctest.Wait()
		got := c.Stats()
		if got.NodesAsked != 6 || got.NodesSpeaking != 3 || got.NodesWaiting != 6 || got.Mute != 2 || got.Silent != 1 || got.Dead != 0 ||
			got.Queries != 6 || got.Replies != 5 || got.Hashes != 6 || got.New != 3 || int(got.Packets) != n.sent() {
			t.Errorf("after a sweep %+v", got)
		}
		if !got.Resting || got.Swept != 1 || got.Sweep != 1 || got.ETA <= 0 || got.ETA > time.Hour+3*time.Minute {
			t.Errorf("it rests: %v, swept %.2f, sweep %d, next in %s", got.Resting, got.Swept, got.Sweep, got.ETA)
		}
		if cell := got.Cells[1]; cell != (Cell{Nodes: 1, Asked: 1, Speaking: 1, Hashes: 2}) || c.Zoom(1)[0] != cell {
			t.Errorf("the cell of a node that speaks: %+v, its part %+v", cell, c.Zoom(1)[0])
		}
		sum := 0.0
		for _, h := range got.History {
			sum += h
		}
		if len(got.History) != HistoryLen || got.Rate != 0 || sum != 0 { // all was found minutes ago
			t.Errorf("rate %.1f, history %v", got.Rate, got.History)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := c.Stats(); got.Sweep != 2 || got.Queries != 10 || got.Dead != 1 || got.NodesAsked != 6 || got.NodesSpeaking != 3 {
			t.Errorf("after another sweep %+v", got)
		}
	})
}

func TestAnAnswerIsHandedOnWithWhoGaveIt(t *testing.T) {
	var got []Answer
	n := &fakeNetwork{contacts: contacts(0, 2)}
	n.answer = func(c wire.Contact, _ wire.Query) (wire.Reply, error) {
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

func TestRunWaitsForTheQuestionsInFlight(t *testing.T) {
	n := &fakeNetwork{delay: time.Hour, contacts: contacts(0, 100)}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(2 * time.Second)
	})
	if n.open != 0 || n.max == 0 {
		t.Errorf("%d of %d queries are still in flight", n.open, n.max)
	}
}

// With the network away, hours pass without a candidate being given up.
func TestTheSweepWaitsWhileTheNetworkIsAway(t *testing.T) {
	n := &fakeNetwork{delay: 100 * time.Millisecond, contacts: contacts(0, 8)}
	away := true
	n.answer = func(c wire.Contact, _ wire.Query) (wire.Reply, error) {
		n.mu.Lock()
		defer n.mu.Unlock()
		if away {
			return wire.Reply{}, errSilent
		}
		r, err := sample(time.Hour)
		r.Nodes = contacts(0, 300)
		return r, err
	}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(time.Hour)
		if n.sent() > 8+3600/5*fallbackAtOnce+100 {
			t.Errorf("%d packets in an hour without a network", n.sent())
		}
		n.mu.Lock()
		away = false
		n.mu.Unlock()
		time.Sleep(30 * time.Minute)
		if s := c.Stats(); s.NodesSpeaking != 300 {
			t.Errorf("%d nodes were found when it was back: %+v", s.NodesSpeaking, s.Swept)
		}
	})
}

func TestUpTo4096QueriesAreInFlightAndNoneToOurselves(t *testing.T) {
	n := &fakeNetwork{delay: 5 * time.Minute, contacts: contacts(0, 5000)}
	crawled(t, n, func(c *Crawl) {
		c.cfg.Self = func() []wire.ID { return []wire.ID{contact(0).ID} }
		c.SetRunning(true)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if n.max != 4096 || len(n.asked[contact(0).Addr]) != 0 {
			t.Errorf("%d queries are in flight, %d of them to ourselves", n.max, len(n.asked[contact(0).Addr]))
		}
	})
}

func TestTheContactsAreAskedForOnceASecondWhileItRuns(t *testing.T) {
	n := &fakeNetwork{}
	calls := 0
	crawled(t, n, func(c *Crawl) {
		good := c.cfg.Contacts
		c.cfg.Contacts = func() []wire.Contact { calls++; return good() }
		time.Sleep(10*time.Second + time.Second/2)
		if calls != 0 {
			t.Errorf("%d times while it is paused", calls)
		}
		c.SetRunning(true)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if calls != 10 {
			t.Errorf("%d times in ten seconds", calls)
		}
		if h := c.Stats().History; len(h) != 21 {
			t.Errorf("%d seconds are measured", len(h))
		}
	})
}

// A query that is not admitted is no packet, and its node waits.
func TestAQueryThatIsNotAdmittedIsNotSent(t *testing.T) {
	n := &fakeNetwork{contacts: contacts(0, 3), refuse: 3}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(5 * time.Minute)
		if s := c.Stats(); n.queries() != 0 || s.Queries != 0 || s.NodesWaiting != 3 || int(s.Packets) != n.sent() {
			t.Errorf("%d queries, %d counted, %d nodes wait", n.queries(), s.Queries, s.NodesWaiting)
		}
	})
}

func TestAQueryThatIsAdmittedAfterAPauseIsNotSent(t *testing.T) {
	n := &fakeNetwork{contacts: contacts(0, 3), admission: time.Second}
	crawled(t, n, func(c *Crawl) {
		c.SetRunning(true)
		time.Sleep(time.Second + time.Second/2) // the first waits for its admission
		c.SetRunning(false)
		time.Sleep(time.Minute)
		if n.sent() != 0 || c.Stats().Packets != 0 {
			t.Errorf("%d packets while it is paused", n.sent())
		}
		c.SetRunning(true)
		time.Sleep(time.Minute)
		if n.queries() != 3 {
			t.Errorf("%d nodes are asked afterwards, want 3", n.queries())
		}
	})
}

func TestARepeatedSampleIsOneAndTheZeroHashIsNone(t *testing.T) {
	a, b := wire.ID{1}, wire.ID{2}
	n := &fakeNetwork{contacts: contacts(0, 1), answer: func(c wire.Contact, _ wire.Query) (wire.Reply, error) {
		return wire.Reply{From: c, HasSamples: true, Samples: []wire.ID{{}, a, b, a, {}, a, b}, Interval: time.Hour}, nil
	}}
	var got []wire.ID
	var stats Stats
	crawled(t, n, func(c *Crawl) {
		c.cfg.OnAnswer = func(a Answer) int { got = append(got, a.Samples...); return len(a.Samples) }
		c.SetRunning(true)
		time.Sleep(time.Minute)
		stats = c.Stats()
	})
	if len(got) != 2 || got[0] != a || got[1] != b || stats.Hashes != 2 || stats.New != 2 {
		t.Errorf("samples %x, %+v", got, stats)
	}
}
