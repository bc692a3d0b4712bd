package simnet

import (
	"encoding/binary"
	"net/netip"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// liar is a region of the key space, an eighth of it, whose nodes tell of contacts that are not there, and
// what the sweep makes of it.
type liar struct {
	contact func(teller wire.ID, random uint64) wire.Contact

	began   time.Time
	seconds []second
	madeUp  map[netip.AddrPort]int // questions of the sweep to them
}

// second counts the questions of one second.
type second struct{ asked, answered, good int } // good: those to the visitor's own table, for nodes

func poisoned(id wire.ID) bool { return id[0]>>5 == 3 }

// sees takes in a question that has ended, and changes the answer of a liar. mu of s is held.
func (l *liar) sees(s *survey, to wire.Contact, q wire.Query, r *wire.Reply, err error) {
	for len(l.seconds) <= int(time.Since(l.began)/time.Second) {
		l.seconds = append(l.seconds, second{})
	}
	now := &l.seconds[len(l.seconds)-1]
	now.asked++
	if err == nil || isRefused(err, wire.CodeMethodUnknown) {
		now.answered++
	}
	if q.Method == wire.FindNode && slices.Contains(s.table, to) {
		now.good++
	}
	if _, there := s.planet.find(to.Addr); !there && q.Method != wire.Ping { // which is recapture's
		l.madeUp[to.Addr]++
	}
	if err == nil && poisoned(to.ID) {
		for i := range r.Nodes {
			r.Nodes[i] = l.contact(to.ID, scramble(uint64(time.Now().UnixNano())+uint64(i)))
		}
	}
}

// collapse returns for how long at most hardly anybody answered, and how long after that began the first good
// node was asked, both in seconds.
func (l *liar) collapse() (longest, unhelped int) {
	began, helped := -1, false
	for i, s := range l.seconds {
		switch {
		case s.asked < 20: // too few to tell
		case 8*s.answered >= s.asked:
			began = -1
		case began < 0:
			began, helped = i, false
		}
		if began < 0 {
			continue
		}
		longest = max(longest, i-began+1)
		if helped = helped || s.good > 0; !helped {
			unhelped = max(unhelped, i-began+1)
		}
	}
	return longest, unhelped
}

// honest returns the share of the live nodes outside the region that were visited.
func (s *survey) honest() float64 {
	live, visited := 0, 0
	for rank := range s.visits {
		if s.planet.alive(rank) && !poisoned(s.planet.contact(rank).ID) {
			live++
			if s.visits[rank] > 0 {
				visited++
			}
		}
	}
	return float64(visited) / float64(live)
}

func TestAPoisonedRegionDoesNotHoldUpTheSweep(t *testing.T) {
	near := func(teller wire.ID, random uint64) wire.ID {
		binary.BigEndian.PutUint64(teller[2:], random)
		return teller
	}
	somewhere := func(random uint64) netip.AddrPort { return netip.AddrPortFrom(ipAt(random%addrSpace), 6881) }
	p := small(15_000, 1000, 1)
	for name, contact := range map[string]func(teller wire.ID, random uint64) wire.Contact{
		"neighbours at addresses where nobody is": func(teller wire.ID, random uint64) wire.Contact {
			return wire.Contact{ID: near(teller, random), Addr: somewhere(random)}
		},
		"many neighbours at few addresses": func(teller wire.ID, random uint64) wire.Contact {
			return wire.Contact{ID: near(teller, random), Addr: somewhere(random % 300 * addrStride)}
		},
		"nodes all over, in the way of the sweep": func(teller wire.ID, random uint64) wire.Contact {
			return wire.Contact{ID: p.id(scramble(random)), Addr: somewhere(random)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSurvey(p, VisitorConfig{ID: wire.ID{0x42, 1}, Rate: sweepRate})
				s.liar = &liar{contact: contact, began: time.Now(), madeUp: make(map[netip.AddrPort]int)}
				st := s.sweep(s.crawl(), 2*time.Hour)
				took, sent := time.Since(s.liar.began), s.Stats().Sent
				if share := s.honest(); !st.Resting || st.Swept != 1 || share < 0.94 {
					t.Errorf("%.3f of the honest nodes visited, at %.2f", share, st.Swept)
				}
				if longest, unhelped := s.liar.collapse(); longest > 60 || unhelped > 60 {
					t.Errorf("for %d s hardly anybody answered, good nodes were asked after %d s", longest, unhelped)
				}
				if most := took - time.Duration(sent)*time.Second/sweepRate; most > time.Minute {
					t.Errorf("for %s of %s there was nobody to ask", most, took)
				}
				wasted := 0
				for addr, n := range s.liar.madeUp {
					if wasted += n; n > 1 {
						t.Errorf("%s, where nobody is, was asked %d times", addr, n)
					}
				}
				if wasted == 0 || float64(wasted) > 0.3*float64(sent) || st.IntervalViolations != 0 {
					t.Errorf("%d of %d packets for made-up contacts, %d violations", wasted, sent, st.IntervalViolations)
				}
			})
		})
	}
}
