package dhtcore

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// The pace of joining. Pauses between attempts double from the first to the last.
const (
	checkEvery  = time.Second
	joinPoll    = 20 * time.Millisecond
	firstPause  = 2 * time.Second
	lastPause   = time.Minute
	outagePause = 10 * time.Second // at most, while there is no network: it is tried again without much traffic
	enoughGood  = table.K          // below this an attempt is made even if somebody answers
	fillLookups = 6                // at most, after the survey, of far buckets that still have room
)

// bootstrapper brings the identities into the network and keeps them there. It has no lock: each identity
// has a goroutine of its own, and what they share does not change but for warned and checks.
type bootstrapper struct {
	hosts    []string // host:port; empty for none
	resolve  resolver
	vantages *vantages
	lookups  *lookups
	notices  *notices
	warned   sync.Map // hosts that the journal has a warning of
	checks   hostChecks
}

// newBootstrapper returns one that joins through hosts, the default ones where that is nil.
func newBootstrapper(hosts []string, vs *vantages, l *lookups, n *notices) *bootstrapper {
	if hosts == nil {
		hosts = DefaultBootstrap
	}
	return &bootstrapper{hosts: hosts, resolve: resolve, vantages: vs, lookups: l, notices: n}
}

// run brings one identity in: it tries again with growing pauses while nobody answers, and refreshes stale
// buckets once somebody does. It ends with ctx.
func (b *bootstrapper) run(ctx context.Context, v *vantage) {
	var watch sync.WaitGroup
	show := func(now time.Time) { b.notices.setNetwork(b.vantages.outage(), now) }
	watch.Go(func() { v.link.watch(ctx, v, show) })
	defer watch.Wait()
	pause, next, home, wasOffline := firstPause, time.Now(), v.ID(), false
	settled, attempted := false, time.Time{} // its own neighbourhood has been looked up; when that was tried last
	for {
		now := time.Now()
		good, _, _ := v.Count(now)
		outage := v.link.current()
		if wasOffline && !outage.Offline() {
			pause, next = firstPause, now
			b.checks.forgetFailed(v.family)
		}
		if good > 0 && !settled && now.Sub(attempted) >= firstPause {
			next = now // others have found its network: its sibling, or those that queried us
		}
		wasOffline = outage.Offline()
		switch {
		case good >= enoughGood && settled && !wasOffline:
			pause = firstPause
			if id := v.ID(); id != home { // it follows the external address: a new neighbourhood
				home = id
				b.maintain(ctx, v, home)
			} else if target, ok := v.DueRefresh(now); ok {
				b.maintain(ctx, v, target)
			}
		case !now.Before(next):
			reached, found := b.attempt(ctx, v)
			if ctx.Err() != nil {
				return
			}
			settled = settled || reached
			if found.Offline() {
				pause = min(pause, outagePause)
				found.NextTry = time.Now().Add(pause)
				v.link.fail(found, time.Now())
				show(time.Now())
			}
			v.attempts.Add(1) // one that failed counts, too
			attempted = time.Now()
			next = attempted.Add(pause)
			pause = min(2*pause, lastPause)
		}
		if !pauseFor(ctx, checkEvery) {
			return
		}
	}
}

// attempt asks the saved nodes and the bootstrap hosts for our own neighbourhood, side by side, and if there are none the nodes
// of the other address family. It reports whether it reached the network, and if not even an error came back, why.
func (b *bootstrapper) attempt(ctx context.Context, v *vantage) (reached bool, why Outage) {
	before := v.Stats()
	hosts := b.askHosts(ctx, v)
	seeds := v.Closest(v.ID(), table.K)
	if len(seeds) == 0 {
		seeds = <-hosts.seeds
	}
	if !hasFamily(seeds, v.family) {
		seeds = append(seeds, v.crossing.seeds(v, time.Now())...)
	}
	asked, lied := 0, false
	if len(seeds) > 0 {
		state := b.lookups.joinFrom(ctx, v, seeds, hosts.further)
		asked, reached, lied = overFamily(&state, v.family)
	}
	if reached {
		v.attempts.Add(1)
		b.lookups.survey(ctx, v)
		underfull := v.Underfull()
		for _, target := range underfull[:min(len(underfull), fillLookups)] {
			b.maintain(ctx, v, target)
		}
	}
	<-hosts.done
	after := v.Stats()
	switch {
	case ctx.Err() != nil:
		return reached, Outage{}
	case reached, lied, after.RepliesIn > before.RepliesIn:
		b.warn(hosts.errs)
		return reached, Outage{}
	}
	if asked += hosts.silent; after.QueriesOut == before.QueriesOut {
		asked = 0 // none could be sent
	}
	return false, joinOutage(len(b.hosts), asked, hosts.errs, v)
}

// maintain looks up target from the table, for the sake of the nodes met on the way.
func (b *bootstrapper) maintain(ctx context.Context, v *vantage, target ID) {
	b.lookups.findNode(ctx, v, target, v.Closest(target, table.K))
}

// hostReplies are what the bootstrap hosts make of a query. What follows done does not change after that is closed.
type hostReplies struct {
	seeds  chan []wire.Contact // what each names that replies; closed when no more will come
	done   chan struct{}
	silent int     // hosts that did not reply
	errs   []error // of hosts that could not be found or reached, or that answered oddly
}

// further hands over what the hosts name, for lookup.Config.More.
func (h *hostReplies) further(ctx context.Context, found func([]wire.Contact)) {
	for {
		select {
		case nodes, ok := <-h.seeds:
			if !ok {
				return
			}
			found(nodes)
		case <-ctx.Done():
			return
		}
	}
}

// askHosts asks every bootstrap host for the nodes closest to us, and does not wait.
func (b *bootstrapper) askHosts(ctx context.Context, v *vantage) *hostReplies {
	all := &hostReplies{seeds: make(chan []wire.Contact, len(b.hosts)), done: make(chan struct{})}
	var mu sync.Mutex
	var asked sync.WaitGroup
	for _, host := range b.hosts {
		asked.Go(func() {
			nodes, err := b.askHost(ctx, v, host)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				all.errs = append(all.errs, err)
			case len(nodes) == 0:
				all.silent++
			default:
				all.seeds <- nodes
			}
		})
	}
	go func() {
		asked.Wait()
		close(all.seeds)
		close(all.done)
	}()
	return all
}

// isOdd reports whether an error means that something came which is no reply.
func isOdd(err error) bool {
	var refusal *wire.Error
	var odd node.OddReply
	return errors.As(err, &refusal) || errors.As(err, &odd) || errors.Is(err, wire.ErrInvalid)
}

// warn puts into the journal that hosts answer oddly, each once, although others let us in.
func (b *bootstrapper) warn(errs []error) {
	for _, err := range errs {
		var odd *hostError
		if !errors.As(err, &odd) {
			continue
		}
		if _, told := b.warned.LoadOrStore(odd.host, true); !told {
			b.notices.warn(human.Capital(odd.Error()) + ". Other nodes let this one in.")
		}
	}
}

// askHost asks the addresses of one host in turn until one answers.
func (b *bootstrapper) askHost(ctx context.Context, v *vantage, host string) (nodes []wire.Contact, err error) {
	check := HostCheck{Host: host, Family: v.family}
	b.checks.begin(check)
	defer func() {
		if err != nil {
			noteFailure(&check, err)
		}
		if check.At = time.Now(); ctx.Err() == nil {
			b.checks.put(check)
		}
	}()
	addrs, err := b.resolve(ctx, host, v.family)
	if err != nil {
		return nil, err
	}
	check.Found, check.Err = len(addrs), "does not reply"
	b.checks.begin(check)
	var unsent *node.SendError
	var odd error
	silent := false
	for _, addr := range addrs {
		if b.vantages.isOurs(addr) {
			continue
		}
		reply, err := v.Query(ctx, wire.Contact{Addr: addr}, wire.Query{Method: wire.FindNode, Target: v.ID(), Want: v.wanted()})
		if err == nil {
			check.Addr, check.RTT, check.Err = addr, reply.RTT, ""
			return append(b.believed(reply.Nodes, addr), reply.From), nil
		}
		silent = silent || !errors.As(err, &unsent)
		if isOdd(err) {
			odd = &hostError{host, err}
		}
	}
	if odd != nil {
		return nil, odd
	}
	if !silent && unsent != nil {
		return nil, unsent
	}
	return nil, nil
}

// believed returns those of the contacts that the node at referrer names for which there can be a node.
func (b *bootstrapper) believed(contacts []wire.Contact, referrer netip.AddrPort) []wire.Contact {
	return slices.DeleteFunc(contacts, func(c wire.Contact) bool { return !b.vantages.believes(c.Addr, referrer) })
}
