package dhtcore

import (
	"context"
	"sync"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/wire"
)

// A lookup before anybody is known.
const (
	alphaUnjoined = 2 * lookup.DefaultAlpha // nobody's round-trip time is known: of more, some are fast
	askedOfHost   = 4                       // addresses of one bootstrap host that are asked side by side
)

// introduce asks the bootstrap hosts for the nodes closest to target, all at once, and hands over those, and what joining
// finds meanwhile. It returns when an identity has joined, when there is no network and the hosts have had their time, or
// when ctx ends.
func (b *bootstrapper) introduce(ctx context.Context, method wire.Method, target ID, found func([]wire.Contact)) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var asking sync.WaitGroup
	defer asking.Wait()
	q := wire.Query{Method: wire.FindNode, Target: target}
	if method == wire.GetPeers {
		q.Method = method
	}
	for _, v := range b.vantages.asking() {
		for _, host := range b.hosts {
			asking.Go(func() { b.introduceAt(ctx, v, host, q, found) })
		}
	}
	for {
		in := b.vantages.joined(time.Now())
		found(b.vantages.seeds(target))
		if in {
			stop() // who is in has met them, or others
			return
		}
		if outage := b.vantages.outage(); outage.Offline() || !pauseFor(ctx, joinPoll) {
			return
		}
	}
}

// introduceAt asks the addresses of one host.
func (b *bootstrapper) introduceAt(ctx context.Context, v *vantage, host string, q wire.Query, found func([]wire.Contact)) {
	addrs, err := b.resolve(ctx, host, v.family)
	if err != nil {
		return // joining asks it, too, and tells
	}
	var asking sync.WaitGroup
	defer asking.Wait()
	for _, addr := range addrs[:min(len(addrs), askedOfHost)] {
		if b.vantages.isOurs(addr) {
			continue
		}
		asking.Go(func() {
			if reply, err := v.Query(ctx, wire.Contact{Addr: addr}, q); err == nil {
				found(append(b.believed(reply.Nodes, addr), reply.From))
			}
		})
	}
}
