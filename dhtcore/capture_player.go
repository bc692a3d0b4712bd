package dhtcore

import (
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/capture"
	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/wire"
)

// capturePlayer plays the messages of a capture to its node, and takes Snapshots of it. It belongs to one goroutine.
type capturePlayer struct {
	capture *capture.Capture
	node    *capture.Node
	each    func(*Snapshot) error

	began  time.Time
	every  time.Duration // between Snapshots
	now    time.Time     // of the last message; it never goes back
	due    time.Time     // when the next Snapshot is taken
	second time.Time     // when the next sample of the traffic is taken
	taken  uint64        // packets in Snapshots so far
	log    []*Packet     // the last MaxPackets, oldest first, and some before

	recent   journal.Recent
	meter    trafficMeter
	tally    Tally
	swept    time.Time
	revision uint64
}

// maxCaptureSeconds is how many Snapshots there are of a capture that is not busy: one a second of an hour.
const maxCaptureSeconds = 60 * 60

func newCapturePlayer(c *capture.Capture, each func(*Snapshot) error) *capturePlayer {
	first := c.Began
	every := max(c.Ended.Sub(first)/maxCaptureSeconds, time.Second).Round(time.Second)
	p := &capturePlayer{capture: c, node: c.Node, each: each, began: first, every: every, now: first}
	p.node.Ledger.Limit(DefaultMaxHashes)
	p.second = first.Truncate(time.Second).Add(time.Second)
	p.due = first.Truncate(every).Add(every)
	p.swept = first
	return p
}

// play takes in a message.
func (p *capturePlayer) play(d *pcapng.Datagram, m *wire.Message) error {
	if d.At.Before(p.now) { // also where the capture has no time
		d.At = p.now
	}
	if err := p.wind(d.At); err != nil {
		return err
	}
	p.now = d.At
	if p.node.Packets()-p.taken >= MaxPackets {
		if err := p.snapshot(p.now); err != nil {
			return err
		}
	}
	p.keep(p.node.Take(d, m, p.now))
	return nil
}

// keep adds a packet to the log.
func (p *capturePlayer) keep(k journal.Packet, self ID) {
	if len(p.log) == 2*MaxPackets {
		p.log = append(p.log[:0], p.log[MaxPackets:]...)
	}
	p.log = append(p.log, NewPacket(k, self))
}

// newest are the last packets, newest first.
func (p *capturePlayer) newest() []*Packet {
	log := slices.Clone(p.log[max(len(p.log)-MaxPackets, 0):])
	slices.Reverse(log)
	return log
}

// wind goes on to a time: it takes the Snapshots that are due before, and one more of the silence that follows.
func (p *capturePlayer) wind(to time.Time) error {
	for silent := false; !to.Before(p.due) && !silent; p.due = p.due.Add(p.every) {
		silent = p.node.Packets() == p.taken
		p.sample(p.due)
		if err := p.snapshot(p.due); err != nil {
			return err
		}
	}
	p.sample(to)
	if !to.Before(p.due) {
		p.due = to.Truncate(p.every).Add(p.every)
	}
	return nil
}

// sample measures the traffic second by second.
func (p *capturePlayer) sample(to time.Time) {
	if first := to.Add(-HistoryLen * time.Second).Truncate(time.Second); p.second.Before(first) {
		p.second = first
	}
	for ; !to.Before(p.second); p.second = p.second.Add(time.Second) {
		p.node.Expire(p.second)
		p.meter.sample(p.node.Stats, p.second)
	}
}

// end takes the last Snapshot.
func (p *capturePlayer) end() error {
	if p.node.Packets() == 0 {
		return nil
	}
	p.sample(p.due)
	return p.snapshot(p.due)
}

// snapshot hands over what the node knows.
func (p *capturePlayer) snapshot(now time.Time) error {
	p.taken = p.node.Packets()
	p.revision++
	n := p.node
	totals := n.Ledger.Totals()
	s := &Snapshot{
		Revision: p.revision, At: now, Started: p.began, Phase: Serving, Notices: p.capture.Notices(),
		Hashes: Hashes{Seen: totals.Hashes, Requests: totals.Requests, Announces: totals.Announces, Samples: totals.Samples,
			Maintenance: totals.Maintenance, Top: n.Ledger.Top(MaxHashes, now)},
		Bounds:  Bounds{Hashes: totals.Kept, MaxHashes: DefaultMaxHashes},
		Nodes:   capturedVantages(n, now),
		Lookups: n.Lookups(now, MaxLookups),
		News:    News{Since: p.began},
		Traffic: p.traffic(),
	}
	s.Events, s.Quiet = p.recent.Take(n.Journal)
	s.Tally = p.count(now, s.Nodes)
	rate := p.meter.in + p.meter.out
	s.Packets = Packets{PacketFlow: journal.PacketFlow{Watched: true, Since: p.began, Rate: rate, Kept: rate, Seen: n.Packets(), Passed: n.Packets()}, Log: p.newest()}
	return p.each(s)
}

func (p *capturePlayer) traffic() Traffic {
	return Traffic{Stats: p.node.Stats, Details: p.node.Details, MethodRates: p.meter.methods, InRate: p.meter.in, OutRate: p.meter.out,
		History: slices.Clone(p.meter.history), Used: p.meter.used}
}

// count makes the Tally anew every few seconds.
func (p *capturePlayer) count(now time.Time, nodes []Vantage) Tally {
	if !p.tally.At.IsZero() && now.Sub(p.tally.At) < tally.Every {
		return p.tally
	}
	if now.Sub(p.swept) >= tally.SweepEvery {
		p.node.Askers.Sweep(now)
		p.node.Repliers.Sweep(now)
		p.swept = now
	}
	p.tally = capturedTally(p.node, now, nodes)
	return p.tally
}

// capturedVantages are pictures of our identities and their tables.
func capturedVantages(n *capture.Node, now time.Time) (views []Vantage) {
	for i := range n.Vantages {
		v := &n.Vantages[i]
		view := Vantage{ID: v.Table.Self(), Addr: v.Addr, Family: wire.FamilyOf(v.Addr.Addr()), Buckets: v.Table.Buckets(now), Contacts: v.Table.Nodes()}
		if !wire.Local(v.Addr.Addr()) {
			view.External = v.Addr
		}
		for _, b := range view.Buckets {
			view.Good += b.Good
			view.Questionable += b.Questionable
			view.Bad += b.Bad
			view.Replacements += b.Replacements
		}
		views = append(views, view)
	}
	return views
}

// capturedTally counts the hosts of the last hour.
func capturedTally(n *capture.Node, now time.Time, views []Vantage) Tally {
	askers, askerEach := n.Askers.Hosts(nil, now)
	repliers, replierEach := n.Repliers.Hosts(nil, now)
	var nodes []netip.Addr
	for i := range views {
		for j := range views[i].Contacts {
			nodes = append(nodes, views[i].Contacts[j].Addr.Addr())
		}
	}
	return Tally{At: now, Clients: tally.CountClients(askers, repliers, askerEach, replierEach), Networks: tally.CountNetworks(nodes, askers, askerEach, nil)}
}
