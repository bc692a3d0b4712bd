package testnet

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"sync"

	"dhtop/dhtcore/wire"
)

// incident is one that goes on, or that begins as soon as the network runs.
type incident struct {
	Incident
	links   []*link                                            // its sockets
	happens func(ctx context.Context, running *sync.WaitGroup) // until ctx ends; nil if there is nothing to do
	stop    context.CancelFunc                                 // nil until it runs
	done    chan struct{}                                      // closed once it has run
}

// Begin lets i happen from now on, or from the start of a network that does not run yet. It takes the place of one
// of the same kind and target. It returns an error with a remedy if the network cannot take it, or has no sockets.
func (n *Network) Begin(i Incident) error {
	if err := i.Check(); err != nil {
		return err
	}
	i = i.usual()
	n.endAll(func(other Incident) bool { return other.Kind == i.Kind && other.Target == i.Target })
	g := &incident{Incident: i, done: make(chan struct{})}
	if err := n.prepare(g); err != nil {
		n.disband(g)
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.over {
		n.disband(g)
		return errors.New("the network has ended: build another one")
	}
	n.incidents = append(n.incidents, g)
	n.regionsChanged()
	if n.startIncident != nil {
		n.startIncident(g)
	}
	return nil
}

// prepare opens the sockets of an incident and says what happens.
func (n *Network) prepare(g *incident) error {
	switch g.Kind {
	case SybilRing:
		return n.prepareRing(g)
	case Flood:
		return n.prepareFlood(g)
	case DemandSpike:
		n.prepareSpike(g)
	}
	return nil
}

// End ends the incidents of a kind. Their sockets are closed when it returns.
func (n *Network) End(kind IncidentKind) {
	n.endAll(func(i Incident) bool { return i.Kind == kind })
}

// Incidents returns those that go on, in the order in which they began, with the usual numbers filled in.
func (n *Network) Incidents() []Incident {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]Incident, len(n.incidents))
	for i, g := range n.incidents {
		all[i] = g.Incident
	}
	return all
}

// endAll ends the incidents that picked reports, and waits for them.
func (n *Network) endAll(picked func(Incident) bool) {
	var stopped []*incident
	n.mu.Lock()
	n.incidents = slices.DeleteFunc(n.incidents, func(g *incident) bool {
		switch {
		case !picked(g.Incident):
			return false
		case g.stop == nil:
			n.disband(g)
		default:
			g.stop()
			stopped = append(stopped, g)
		}
		return true
	})
	n.regionsChanged()
	n.mu.Unlock()
	for _, g := range stopped {
		<-g.done
	}
}

// runIncidents starts those that have begun, and from now on each that begins, until ctx ends. mu is held.
func (n *Network) runIncidents(ctx context.Context, running *sync.WaitGroup) {
	n.startIncident = func(g *incident) {
		var own context.Context
		if own, g.stop = context.WithCancel(ctx); g.For > 0 {
			own, g.stop = context.WithTimeout(ctx, g.For)
		}
		running.Go(func() {
			defer close(g.done)
			defer g.stop()
			if g.happens != nil {
				g.happens(own, running)
			}
			<-own.Done()
			n.disband(g)
			n.mu.Lock()
			defer n.mu.Unlock()
			n.incidents = slices.DeleteFunc(n.incidents, func(other *incident) bool { return other == g })
			n.regionsChanged()
		})
	}
	for _, g := range n.incidents {
		n.startIncident(g)
	}
}

// open opens a socket of an incident in the network of a family, for a node with an ID.
func (n *Network) open(g *incident, family wire.Family, id wire.ID, r *rand.Rand) (*link, error) {
	conn, err := n.listenIn(family)(id, r)
	if err != nil {
		return nil, err
	}
	l := &link{Conn: n.socket(conn), network: n, id: id, hostile: true, rtt: n.cfg.rtt(r), rng: NewRand(r.Uint64())}
	g.links = append(g.links, l)
	n.directory.add(l)
	return l, nil
}

// disband closes the sockets of an incident.
func (n *Network) disband(g *incident) {
	for _, l := range g.links {
		l.Close()
		n.directory.remove(l)
	}
}
