package dhtcore

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"

	"dhtop/dhtcore/human"
	"dhtop/dhtcore/printable"
	"dhtop/dhtcore/store"
)

// Why returns why lookups find nobody, or hardly anybody: the end of a sentence, with a remedy. It is "" where no reason is
// known.
func (e *Explorer) Why() string {
	switch outage := e.vantages.outage(); {
	case outage.Kind != NoOutage:
		return outage.Reason()
	case !e.Joined():
		return e.joiner.whyNotYet()
	}
	return e.joiner.whyAlone()
}

// Joined reports whether an identity has made its way into the network, and is there now.
func (e *Explorer) Joined() bool { return e.vantages.joined(time.Now()) }

// Persist returns what search does. If nobody replied as there was no network yet, it waits until there is, and searches once
// more; both until ctx ends, which is to end search, too.
func (e *Explorer) Persist(ctx context.Context, search func() LookupState) LookupState {
	return e.lookups.persist(ctx, search)
}

// persist implements Explorer.Persist.
func (l *lookups) persist(ctx context.Context, search func() LookupState) LookupState {
	if l.vantages.joined(time.Now()) {
		return search()
	}
	s := search()
	if s.Replied > 0 {
		return s
	}
	for !l.vantages.joined(time.Now()) {
		if !pauseFor(ctx, joinPoll) {
			return s
		}
	}
	return search()
}

// whySilent says why nobody can be asked, or replies to a lookup.
func (b *bootstrapper) whySilent() string {
	switch outage := b.vantages.outage(); {
	case outage.Kind != NoOutage:
		return outage.Reason()
	case !b.vantages.joined(time.Now()):
		return b.whyNotYet()
	}
	return "this node has just lost the network: try again in a minute"
}

// mostNamed is how many hosts of no use are named at once.
const mostNamed = 2

// whyNotYet says what stands between us and the network that may come in the next seconds, before that counts as an outage.
func (b *bootstrapper) whyNotYet() string {
	pending, unresolved := b.checks.pending(), 0
	for i := range pending {
		if pending[i].Found == 0 {
			unresolved++
		}
	}
	var troubles []string
	for _, c := range b.checks.list() {
		if trouble := c.Host + " " + c.Err; !c.OK() && !c.WrongFamily() && !slices.Contains(troubles, trouble) {
			troubles = append(troubles, trouble)
		}
	}
	hosts := len(b.hosts)
	why, remedy := "", "allow some seconds more, check that the network lets UDP out, or pass another --bootstrap HOST:PORT"
	switch {
	case len(pending) == 0:
		why, remedy = "this node has not joined the network yet", "allow some seconds more"
	case len(troubles) > 0:
		why = "no bootstrap host of " + human.Count(hosts) + " has let this node in yet"
	case unresolved == len(pending):
		why, remedy = "the DNS server has not replied yet", "allow some seconds more, check the network and DNS, or pass --bootstrap IP:PORT"
	case hosts == 1:
		why = "the bootstrap host " + b.hosts[0] + " has not replied yet"
	default:
		why = "none of " + human.Count(hosts) + " bootstrap hosts has replied yet"
	}
	return printable.String(strings.Join(append([]string{why}, human.Some(troubles, mostNamed)...), "; ")) + ": " + remedy
}

// whyAlone says that nobody but the bootstrap hosts replies; "" where others do, too.
func (b *bootstrapper) whyAlone() string {
	hosts := map[netip.AddrPort]bool{}
	for _, c := range b.checks.list() {
		if c.OK() {
			hosts[c.Addr] = true
		}
	}
	nodes := b.vantages.answered(time.Now())
	if slices.ContainsFunc(nodes, func(n store.Node) bool { return !hosts[n.Addr] }) || len(nodes) == 0 {
		return ""
	}
	who := "only the bootstrap host replies, and names no other node that does"
	if len(nodes) > 1 {
		who = "only the bootstrap hosts reply, and name no other node that does"
	}
	return who + ": pass another --bootstrap HOST:PORT, or wait until others join it"
}
