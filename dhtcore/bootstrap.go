package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// The pace of joining. Pauses between attempts double from the first to the last.
const (
	checkEvery  = time.Second
	joinPoll    = 20 * time.Millisecond
	firstPause  = 2 * time.Second
	lastPause   = time.Minute
	enoughGood  = table.K // below this an attempt is made even if somebody answers
	fillLookups = 12      // lookups at most, once we are in, to fill the far buckets
)

// bootstrapper brings the identities into the network and keeps them there. It has no lock: each identity
// has a goroutine of its own, and what they share does not change.
type bootstrapper struct {
	hosts    []string // host:port; empty for none
	vantages *vantages
	lookups  *lookups
	notices  *notices
}

// newBootstrapper returns one that joins through hosts, the default ones where that is nil.
func newBootstrapper(hosts []string, vs *vantages, l *lookups, n *notices) *bootstrapper {
	if hosts == nil {
		hosts = DefaultBootstrap
	}
	return &bootstrapper{hosts: hosts, vantages: vs, lookups: l, notices: n}
}

// WaitJoined waits until an identity has made its way into the network or ctx ends, and reports whether
// anybody answers.
func (e *Explorer) WaitJoined(ctx context.Context) bool {
	for !e.vantages.joined(time.Now()) {
		if !pauseFor(ctx, joinPoll) {
			return false
		}
	}
	return true
}

// run brings one identity in: it tries again with growing pauses while nobody answers, and refreshes stale
// buckets once somebody does. It ends with ctx.
func (b *bootstrapper) run(ctx context.Context, v *vantage) {
	pause, next, home := firstPause, time.Now(), v.ID()
	for {
		now := time.Now()
		good, _, _ := v.Count(now)
		switch {
		case good >= enoughGood:
			b.notices.set(aboutNetwork, "")
			pause = firstPause
			if id := v.ID(); id != home { // it follows the external address: a new neighbourhood
				home = id
				b.maintain(ctx, v, home)
			} else if target, ok := v.DueRefresh(now); ok {
				b.maintain(ctx, v, target)
			}
		case !now.Before(next):
			err := b.attempt(ctx, v)
			v.attempts.Add(1)
			b.explain(v, err, pause)
			next = time.Now().Add(pause)
			pause = min(2*pause, lastPause)
		}
		if !pauseFor(ctx, checkEvery) {
			return
		}
	}
}

// explain puts on the screen why nobody answers.
func (b *bootstrapper) explain(v *vantage, err error, pause time.Duration) {
	good, _, _ := v.Count(time.Now())
	switch {
	case good > 0:
		b.notices.set(aboutNetwork, "")
	case v.family == wire.IPv6 && len(b.vantages.list) > 1:
		// IPv4 alone is normal and needs no alarm.
	case err != nil:
		b.notices.set(aboutNetwork, fmt.Sprintf("No network: %v. Trying again in %s.", err, pause))
	case len(b.hosts) == 0:
		b.notices.set(aboutNetwork, "No bootstrap hosts: waiting for others to find this node.")
	default:
		b.notices.set(aboutNetwork, fmt.Sprintf("Nobody answers over %s: the network is down or UDP is blocked. Trying again in %s.",
			v.family, pause))
	}
}

// attempt asks the saved nodes and the bootstrap hosts for our own neighbourhood. Its error is about
// finding or reaching the hosts; silence is no error.
func (b *bootstrapper) attempt(ctx context.Context, v *vantage) error {
	seeds, err := b.askHosts(ctx, v)
	if ctx.Err() != nil {
		return nil
	}
	seeds = append(seeds, v.Closest(v.ID(), table.K)...)
	if len(seeds) == 0 {
		return err
	}
	state := b.lookups.findNode(ctx, v, v.ID(), seeds)
	if state.Replied == 0 {
		return err
	}
	underfull := v.Underfull()
	for _, target := range underfull[:min(len(underfull), fillLookups)] {
		b.maintain(ctx, v, target)
	}
	return nil
}

// maintain looks up target from the table, for the sake of the nodes met on the way.
func (b *bootstrapper) maintain(ctx context.Context, v *vantage, target ID) {
	b.lookups.findNode(ctx, v, target, v.Closest(target, table.K))
}

// askHosts asks every bootstrap host for the nodes closest to us and returns those. The error is the last
// one of a host that could not be found or reached.
func (b *bootstrapper) askHosts(ctx context.Context, v *vantage) (seeds []wire.Contact, err error) {
	var mu sync.Mutex
	var asked sync.WaitGroup
	for _, host := range b.hosts {
		asked.Go(func() {
			nodes, hostErr := b.askHost(ctx, v, host)
			mu.Lock()
			defer mu.Unlock()
			seeds = append(seeds, nodes...)
			if hostErr != nil {
				err = hostErr
			}
		})
	}
	asked.Wait()
	return seeds, err
}

// askHost asks the addresses of one host in turn until one answers.
func (b *bootstrapper) askHost(ctx context.Context, v *vantage, host string) ([]wire.Contact, error) {
	addrs, err := resolve(ctx, host, v.family)
	if err != nil {
		return nil, err
	}
	for _, addr := range addrs {
		reply, err := v.Query(ctx, wire.Contact{Addr: addr}, wire.Query{Method: wire.FindNode, Target: v.ID()})
		var unsent *net.OpError
		switch {
		case err == nil:
			known := slices.DeleteFunc(reply.Nodes, func(c wire.Contact) bool { return !b.vantages.believes(c.Addr, addr) })
			return append(known, reply.From), nil
		case errors.As(err, &unsent):
			return nil, err
		}
	}
	return nil, nil
}
