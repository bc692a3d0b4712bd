package portmap

import (
	"context"
	"errors"
	"net/netip"
	"time"
)

// lease is a mapping of the router, or the wish for one.
type lease struct {
	port     Port
	internal netip.AddrPort // that the router forwards to
	external netip.AddrPort // that it forwards from; invalid while it does not
	until    time.Time      // zero for good
	renew    time.Time
	nonce    [12]byte // of PCP
	pinhole  uint16   // of UPnP
	why      string
}

// standing reports whether the router forwards.
func (l *lease) standing() bool { return l.external.IsValid() }

// lost takes in that the router forwards no longer.
func (l *lease) lost(why string) {
	l.external, l.until, l.renew, l.why = netip.AddrPort{}, time.Time{}, time.Time{}, why
}

// granted takes in a mapping that the router has made or renewed for a time; 0 for good.
func (l *lease) granted(external netip.AddrPort, life, asked time.Duration, now time.Time) {
	l.external, l.until, l.why = external, time.Time{}, ""
	if life > 0 {
		life = min(life, max(asked, DefaultLifetime)) // a router that grants a year is still asked again
		l.until = now.Add(life)
	} else {
		life = asked
	}
	l.renew = now.Add(max(life/2, renewAtLeast))
}

// protocol is a way to have ports mapped. It has three implementations: PCP, NAT-PMP and UPnP. Its calls end with ctx.
type protocol interface {
	// word is the name of the protocol, name that of the router, "" for none.
	word() string
	name() string
	// external returns the router's own address, invalid where it does not say; err is that it gave no answer.
	external(ctx context.Context) (netip.Addr, error)
	// grant makes or renews the mapping of l, from the external port of wish if that is free, and calls l.granted.
	grant(ctx context.Context, l *lease, wish uint16, life time.Duration) error
	// withdraw removes a mapping that stands.
	withdraw(ctx context.Context, l *lease) error
	// check asks whether the router still knows what it granted. It returns errForgotten where it does not.
	check(ctx context.Context, leases []*lease) error
	close()
}

// What routers answer that matters beyond its words.
var (
	errForgotten = errors.New("the router has restarted")
	errTaken     = errors.New("the port is taken")
)

// refusal is the no of a router, in words for people.
type refusal string

func (r refusal) Error() string { return string(r) }

const (
	errNonsense    = refusal("the router answers nonsense")
	errUnconnected = refusal("the router has no public address itself")
)
