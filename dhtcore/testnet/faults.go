package testnet

import (
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/wire"
)

// maxUnderway is how many packets the faults of a network hold back at once. Those beyond it are dropped, as a router
// drops what its queue cannot take.
const maxUnderway = 1 << 14

// faults are the Faults in force, and what they need to know. Its conns call it from many goroutines; each of its
// parts has a lock of its own.
type faults struct {
	rules    atomic.Pointer[[]Fault]
	visitors visitors
	order    reordering
	underway atomic.Int64  // packets that are held back
	dice     atomic.Uint64 // that were given out
	counts   struct {
		dropped, delayed, duplicated, reordered, truncated atomic.Uint64
	}
}

// SetFaults puts others in force, from the next packet on, for every packet between the network and its visitors. The
// first one with its direction and method decides; none for no fault at all.
func (n *Network) SetFaults(rules []Fault) {
	rules = slices.Clone(rules)
	n.faults.rules.Store(&rules)
}

// Faults returns those in force.
func (n *Network) Faults() []Fault { return slices.Clone(n.faults.inForce()) }

// FaultCounts returns how many packets the faults have befallen since the start.
func (n *Network) FaultCounts() FaultCounts {
	c := &n.faults.counts
	return FaultCounts{Dropped: c.dropped.Load(), Delayed: c.delayed.Load(), Duplicated: c.duplicated.Load(),
		Reordered: c.reordered.Load(), Truncated: c.truncated.Load()}
}

func (f *faults) inForce() []Fault {
	if rules := f.rules.Load(); rules != nil {
		return *rules
	}
	return nil
}

// matches reports whether the rule is about packets of that direction and method.
func (f *Fault) matches(d FaultDirection, m wire.Method) bool {
	return (f.Direction == BothWays || f.Direction == d) && (f.Method == wire.MethodUnknown || f.Method == m)
}

// rule returns the one that decides on a packet, nil if none does.
func (f *faults) rule(d FaultDirection, m wire.Method) *Fault {
	rules := f.inForce()
	for i := range rules {
		if rules[i].matches(d, m) {
			return &rules[i]
		}
	}
	return nil
}

// fate is what becomes of one packet.
type fate struct {
	length  int  // that arrives
	hold    bool // until later ones have passed
	arrives []time.Duration
}

// isNone reports whether a packet of so many bytes is not harmed.
func (f *fate) isNone(size int) bool {
	return f.length == size && !f.hold && len(f.arrives) == 1 && f.arrives[0] == 0
}

// dice are the chance of one direction of one socket. They follow from the seed of the network.
type dice struct {
	mu  sync.Mutex
	rng *rand.Rand
}

// draw draws the fate of a packet of so many bytes, and counts it.
func (f *faults) draw(rule *Fault, size int, d *dice) fate {
	d.mu.Lock()
	defer d.mu.Unlock()
	befalls := func(share float64, count *atomic.Uint64) bool {
		if share == 0 || d.rng.Float64() >= share {
			return false
		}
		count.Add(1)
		return true
	}
	if befalls(rule.Drop, &f.counts.dropped) {
		return fate{}
	}
	out := fate{length: size}
	if size > 0 && befalls(rule.Truncate, &f.counts.truncated) {
		out.length = d.rng.IntN(size)
	}
	out.hold = befalls(rule.Reorder, &f.counts.reordered)
	copies := 1
	if befalls(rule.Duplicate, &f.counts.duplicated) {
		copies = 2
	}
	for range copies {
		delay := rule.Delay
		if rule.Jitter > 0 {
			delay += time.Duration(d.rng.Int64N(int64(rule.Jitter) + 1))
		}
		out.arrives = append(out.arrives, delay)
	}
	if rule.Delay > 0 || rule.Jitter > 0 {
		f.counts.delayed.Add(1)
	}
	return out
}

// carry has a packet arrive as its fate says. send delivers it, at once or from other goroutines.
func (f *faults) carry(of flow, fate fate, send func()) {
	for _, delay := range fate.arrives {
		if delay == 0 && !fate.hold {
			send()
			f.order.passed(of)
			continue
		}
		if f.underway.Add(1) > maxUnderway {
			f.underway.Add(-1)
			f.counts.dropped.Add(1)
			continue
		}
		arrive := func() {
			if fate.hold {
				f.order.hold(of, func() { f.underway.Add(-1); send() })
				return
			}
			f.underway.Add(-1)
			send()
			f.order.passed(of)
		}
		if delay == 0 {
			arrive()
		} else {
			time.AfterFunc(delay, arrive)
		}
	}
}
