package dhtcore

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// The measures of pinging one node again and again.
const (
	PingEvery = time.Second     // or later, as the next waits for the answer to the one before
	PingsKept = 60              // of a series, in Pings.RTTs
	PingFor   = 5 * time.Minute // then a series ends by itself: nobody looks at it any more
)

// Pings is a series of pings of one node and what came of them. It is immutable.
type Pings struct {
	ID       ID
	Addr     netip.AddrPort
	Running  bool
	Sent     int // those whose outcome is known
	Answered int
	RTTs     []time.Duration // of the last PingsKept, oldest first; 0 where no answer came
	Trouble  string          // what was wrong with the last one, printable; "" when it was answered
}

// pings is the series that was started last.
type pings struct {
	mu   sync.Mutex
	last *Pings             // replaced, never changed: Snapshots share it
	stop context.CancelFunc // of the goroutine that goes on with last
}

func (p *pings) get() *Pings {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// begin ends the series that runs and begins another, or goes on with the last one if that is of the same
// node.
func (p *pings) begin(id ID, addr netip.AddrPort, stop context.CancelFunc) *Pings {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop != nil {
		p.stop()
	}
	next := Pings{ID: id, Addr: addr}
	if p.last != nil && p.last.ID == id && p.last.Addr == addr {
		next = *p.last
	}
	next.Running = true
	p.last, p.stop = &next, stop
	return &next
}

// end ends a series if it runs; nil stands for any.
func (p *pings) end(series *Pings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil || series != nil && series != p.last {
		return
	}
	p.stop()
	ended := *p.last
	ended.Running = false
	p.last, p.stop = &ended, nil
}

// note adds the outcome of a ping to the series now, unless another was begun meanwhile. It returns what
// the series is now.
func (p *pings) note(now *Pings, rtt time.Duration, trouble string) (after *Pings, current bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != now {
		return nil, false
	}
	next := *now
	next.Sent++
	next.Trouble = trouble
	if trouble == "" {
		next.Answered++
	} else {
		rtt = 0
	}
	next.RTTs = append(slices.Clone(next.RTTs[max(len(next.RTTs)-PingsKept+1, 0):]), rtt)
	p.last = &next
	return p.last, true
}

// StartPing pings a node, times times at most, one a second at most, until StopPing, PingFor or another
// StartPing. What comes of it is seen in Snapshot.Pings.
func (e *Explorer) StartPing(addr netip.AddrPort, id ID, times int) error {
	e.mu.Lock()
	defer e.mu.Unlock() // as start does
	run, err := e.running()
	if err != nil {
		return err
	}
	v, err := e.holder(wire.Contact{ID: id, Addr: addr})
	if err != nil {
		return err
	}
	ctx, stop := context.WithTimeout(run, PingFor)
	series := e.pings.begin(id, addr, stop)
	e.work.Go(func() {
		defer stop()
		e.ping(ctx, v, series, times)
	})
	return nil
}

// StopPing ends the series of pings that runs, if any.
func (e *Explorer) StopPing() { e.pings.end(nil) }

// holder returns the identity that pings c: the one that has it in its table, else the first of the
// address family.
func (e *Explorer) holder(c wire.Contact) (*vantage, error) {
	for _, v := range e.vantages {
		if v.v6 == c.Addr.Addr().Is6() && v.Holds(c) {
			return v, nil
		}
	}
	return families{e}.of(c.Addr)
}

// ping goes on with a series until ctx ends or another series begins.
func (e *Explorer) ping(ctx context.Context, v *vantage, series *Pings, times int) {
	tick := time.NewTicker(PingEvery)
	defer tick.Stop()
	for current := true; current; {
		reply, err := v.Ping(ctx, wire.Contact{ID: series.ID, Addr: series.Addr})
		if ctx.Err() != nil {
			break
		}
		if series, current = e.pings.note(series, reply.RTT, pingTrouble(reply, err, series)); !current {
			return
		}
		if times--; times <= 0 {
			break
		}
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
	}
	e.pings.end(series)
}

// pingTrouble says what is wrong with the outcome of a ping; "" for nothing.
func pingTrouble(reply wire.Reply, err error, series *Pings) string {
	switch {
	case errors.Is(err, node.ErrTimeout):
		return "no answer"
	case err != nil:
		return printable.String(err.Error())
	case reply.From.ID != series.ID:
		return "another node answers there, " + reply.From.ID.String()[:8] + "…"
	}
	return ""
}
