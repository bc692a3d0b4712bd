package dhtcore

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/wire"
)

// The measures of pinging one node again and again.
const (
	PingEvery = time.Second     // or later, as the next waits for the answer to the one before
	PingFor   = 5 * time.Minute // then a series ends by itself: nobody looks at it any more
	MaxPings  = 16              // series at once, of all Viewers together
)

// pingSeries are the series of pings of all Viewers.
type pingSeries struct {
	background *background
	through    func(c wire.Contact) (*vantage, error) // the identity that pings c
	running    atomic.Int32
}

// take takes one of the series that may run at once.
func (s *pingSeries) take() error {
	if s.running.Add(1) > MaxPings {
		s.running.Add(-1)
		return fmt.Errorf("%d nodes are being pinged already: wait until one series ends", MaxPings)
	}
	return nil
}

// pinger runs one series of pings at a time, for one Viewer. Its lock guards last and stop.
type pinger struct {
	*pingSeries

	mu   sync.Mutex
	last *Pings             // replaced, never changed: Snapshots share it
	stop context.CancelFunc // of the goroutine that goes on with last; nil while none does
}

// series is the last one that was begun, nil for none.
func (p *pinger) series() *Pings {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.last
}

// begin ends the series that runs and begins another, or goes on with the last one if that is of the same
// node.
func (p *pinger) begin(c wire.Contact, times int) error {
	v, err := p.through(c)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil {
		if err := p.take(); err != nil {
			return err
		}
	}
	next := p.next(c)
	stop, err := p.background.start(PingFor, func(ctx context.Context) { p.run(ctx, v, next, times) })
	if err != nil {
		if p.stop == nil {
			p.running.Add(-1)
		}
		return err
	}
	p.replace(next, stop)
	return nil
}

// next is a running series of c. mu is held.
func (p *pinger) next(c wire.Contact) *Pings {
	next := Pings{ID: c.ID, Addr: c.Addr}
	if p.last != nil && p.last.ID == c.ID && p.last.Addr == c.Addr {
		next = *p.last
	}
	next.Running = true
	return &next
}

// replace ends the series that runs for another. mu is held.
func (p *pinger) replace(next *Pings, stop context.CancelFunc) {
	if p.stop != nil {
		p.stop()
	}
	p.last, p.stop = next, stop
}

// end ends a series if it runs; nil stands for any.
func (p *pinger) end(series *Pings) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.stop == nil || series != nil && series != p.last {
		return
	}
	ended := *p.last
	ended.Running = false
	p.replace(&ended, nil)
	p.running.Add(-1)
}

// note adds the outcome of a ping to a series, unless another was begun meanwhile. It returns what the
// series is now.
func (p *pinger) note(series *Pings, rtt time.Duration, trouble string) (after *Pings, current bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last != series {
		return nil, false
	}
	next := *series
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

// run goes on with a series until ctx ends or another series begins.
func (p *pinger) run(ctx context.Context, v *vantage, series *Pings, times int) {
	tick := time.NewTicker(PingEvery)
	defer tick.Stop()
	for current := true; current; {
		reply, err := v.Ping(ctx, wire.Contact{ID: series.ID, Addr: series.Addr})
		if ctx.Err() != nil {
			break
		}
		if series, current = p.note(series, reply.RTT, pingTrouble(reply, err, series)); !current {
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
	p.end(series)
}

// pingTrouble says what is wrong with the outcome of a ping; "" for nothing.
func pingTrouble(reply wire.Reply, err error, series *Pings) string {
	switch {
	case err != nil:
		return printable.String(err.Error())
	case reply.From.ID != series.ID:
		return "another node answers there, " + reply.From.ID.String()[:8] + "…"
	}
	return ""
}
