package dhtcore

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"sync"
	"time"

	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

// DefaultBootstrap are the hosts that let a newcomer into Mainline. router.utorrent.com is dead;
// router.bittorrent.com and dht.aelitis.com barely answer.
var DefaultBootstrap = []string{
	"dht.libtorrent.org:25401", "dht.transmissionbt.com:6881", "router.bittorrent.com:6881",
}

// The pace of joining. Pauses between attempts double from the first to the last.
const (
	checkEvery     = time.Second
	joinPoll       = 20 * time.Millisecond
	firstPause     = 2 * time.Second
	lastPause      = time.Minute
	resolveTimeout = 5 * time.Second
	enoughGood     = table.K // below this an attempt is made even if somebody answers
	fillLookups    = 12      // lookups at most, once we are in, to fill the far buckets
)

// join brings one identity into the network and keeps it there: it tries again with growing pauses
// while nobody answers, and refreshes stale buckets once somebody does.
func (e *Explorer) join(ctx context.Context, v *vantage) {
	pause, next, home := firstPause, time.Now(), v.ID()
	for {
		now := time.Now()
		good, _, _ := v.Count(now)
		switch {
		case good >= enoughGood:
			e.notices.set(aboutNetwork, "")
			pause = firstPause
			if id := v.ID(); id != home { // it follows the external address: a new neighbourhood
				home = id
				e.maintain(ctx, v, home)
			} else if target, ok := v.Refresh(now); ok {
				e.maintain(ctx, v, target)
			}
		case !now.Before(next):
			err := e.attempt(ctx, v)
			v.attempts.Add(1)
			e.explain(v, err, pause)
			next = time.Now().Add(pause)
			pause = min(2*pause, lastPause)
		}
		if !pauseFor(ctx, checkEvery) {
			return
		}
	}
}

// WaitJoined waits until an identity has made its way into the network or ctx ends, and tells whether
// anybody answers.
func (e *Explorer) WaitJoined(ctx context.Context) bool {
	for {
		for _, v := range e.vantages.list {
			if good, _, _ := v.Count(time.Now()); good >= enoughGood || good > 0 && v.attempts.Load() > 0 {
				return true
			}
		}
		if !pauseFor(ctx, joinPoll) {
			return false
		}
	}
}

// explain tells the reader why nobody answers.
func (e *Explorer) explain(v *vantage, err error, pause time.Duration) {
	good, _, _ := v.Count(time.Now())
	family := "IPv4"
	if v.v6 {
		family = "IPv6"
	}
	switch {
	case good > 0:
		e.notices.set(aboutNetwork, "")
	case v.v6 && len(e.vantages.list) > 1:
		// IPv4 alone is normal and needs no alarm.
	case err != nil:
		e.notices.set(aboutNetwork, fmt.Sprintf("No network: %v. Trying again in %s.", err, pause))
	case len(e.cfg.Bootstrap) == 0 && e.cfg.Bootstrap != nil:
		e.notices.set(aboutNetwork, "No bootstrap hosts: waiting for others to find this node.")
	default:
		e.notices.set(aboutNetwork, fmt.Sprintf("Nobody answers over %s: the network is down or UDP is blocked. Trying again in %s.", family, pause))
	}
}

// attempt asks the saved nodes and the bootstrap hosts for our own neighbourhood. Its error is about
// finding or reaching the hosts; silence is no error.
func (e *Explorer) attempt(ctx context.Context, v *vantage) error {
	seeds, err := e.bootstrap(ctx, v)
	if ctx.Err() != nil {
		return nil
	}
	seeds = append(seeds, v.Closest(v.ID(), table.K)...)
	if len(seeds) == 0 {
		return err
	}
	state := e.find(ctx, v, v.ID(), seeds)
	if state.Replied == 0 {
		return err
	}
	thin := v.Thin()
	for _, target := range thin[:min(len(thin), fillLookups)] {
		e.maintain(ctx, v, target)
	}
	return nil
}

// maintain looks up target from the table, for the sake of the nodes met on the way.
func (e *Explorer) maintain(ctx context.Context, v *vantage, target ID) {
	e.find(ctx, v, target, v.Closest(target, table.K))
}

// bootstrap asks every bootstrap host for the nodes closest to us and returns what they name. The
// error is the last one of a host that could not be found or reached.
func (e *Explorer) bootstrap(ctx context.Context, v *vantage) (seeds []wire.Contact, err error) {
	hosts := e.cfg.Bootstrap
	if hosts == nil {
		hosts = DefaultBootstrap
	}
	var mu sync.Mutex
	var asked sync.WaitGroup
	for _, host := range hosts {
		asked.Go(func() {
			nodes, hostErr := e.bootstrapFrom(ctx, v, host)
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

func (e *Explorer) bootstrapFrom(ctx context.Context, v *vantage, host string) ([]wire.Contact, error) {
	addrs, err := resolve(ctx, host, v.v6)
	if err != nil {
		return nil, err
	}
	for _, addr := range addrs {
		reply, err := v.Query(ctx, wire.Contact{Addr: addr}, wire.Query{Method: wire.FindNode, Target: v.ID()})
		var unsent *net.OpError
		switch {
		case err == nil:
			known := slices.DeleteFunc(reply.Nodes, func(c wire.Contact) bool { return !e.vantages.believes(c.Addr, addr) })
			return append(known, reply.From), nil
		case errors.As(err, &unsent):
			return nil, err
		}
	}
	return nil, nil
}

// resolve returns the addresses of a host of one address family.
func resolve(ctx context.Context, hostport string, v6 bool) (addrs []netip.AddrPort, err error) {
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, err
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("bootstrap host %q has no valid port", hostport)
	}
	network := "ip4"
	if v6 {
		network = "ip6"
	}
	if ip, parseErr := netip.ParseAddr(host); parseErr == nil {
		if ip.Is6() == v6 {
			addrs = append(addrs, netip.AddrPortFrom(ip, uint16(number)))
		}
		return addrs, nil
	}
	ctx, cancel := context.WithTimeout(ctx, resolveTimeout)
	defer cancel()
	ips, err := net.DefaultResolver.LookupNetIP(ctx, network, host)
	if err != nil {
		return nil, err
	}
	for _, ip := range ips {
		addrs = append(addrs, netip.AddrPortFrom(ip.Unmap(), uint16(number)))
	}
	return addrs, nil
}

// CheckBootstrap returns an error for a bootstrap host that is not of the form host:port.
func CheckBootstrap(hostport string) error {
	host, port, err := net.SplitHostPort(hostport)
	if err == nil && host == "" {
		err = errors.New("no host")
	}
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("bootstrap host %q: want HOST:PORT", hostport)
	}
	return nil
}

// phase is how far the identities have come together: one that is in is enough.
func (e *Explorer) phase(views []Vantage) Phase {
	tried := true
	for i, v := range e.vantages.list {
		if views[i].Good > 0 {
			return Serving
		}
		tried = tried && v.attempts.Load() > 0
	}
	if tried {
		return Offline
	}
	return Joining
}
