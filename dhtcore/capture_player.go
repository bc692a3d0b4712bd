package dhtcore

import (
	"slices"
	"time"

	"dhtop/dhtcore/journal"
	"dhtop/dhtcore/pcapng"
	"dhtop/dhtcore/tally"
	"dhtop/dhtcore/wire"
)

// capturePlayer plays the messages of a capture to a captureNode, and takes Snapshots of it. It belongs to one goroutine.
type capturePlayer struct {
	node    *captureNode
	notices func() []string
	each    func(*Snapshot) error

	began  time.Time
	every  time.Duration // between Snapshots
	now    time.Time     // of the last message; it never goes back
	due    time.Time     // when the next Snapshot is taken
	second time.Time     // when the next sample of the traffic is taken
	taken  uint64        // packets in Snapshots so far

	recent   journal.Recent
	meter    trafficMeter
	tally    Tally
	swept    time.Time
	revision uint64
}

// maxCaptureSeconds is how many Snapshots there are of a capture that is not busy: one a second of an hour.
const maxCaptureSeconds = 60 * 60

func newCapturePlayer(ours []*endpoint, first, last time.Time, notices func() []string, each func(*Snapshot) error) *capturePlayer {
	every := max(last.Sub(first)/maxCaptureSeconds, time.Second).Round(time.Second)
	p := &capturePlayer{node: newCaptureNode(ours, first), notices: notices, each: each, began: first, every: every, now: first}
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
	if p.node.seq-p.taken >= MaxPackets {
		if err := p.snapshot(p.now); err != nil {
			return err
		}
	}
	p.node.take(d, m, p.now)
	return nil
}

// wind goes on to a time: it takes the Snapshots that are due before, and one more of the silence that follows.
func (p *capturePlayer) wind(to time.Time) error {
	for silent := false; !to.Before(p.due) && !silent; p.due = p.due.Add(p.every) {
		silent = p.node.seq == p.taken
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
		p.node.expire(p.second)
		p.meter.sample(p.node.stats, p.second)
	}
}

// end takes the last Snapshot.
func (p *capturePlayer) end() error {
	if p.node.seq == 0 {
		return nil
	}
	p.sample(p.due)
	return p.snapshot(p.due)
}

// snapshot hands over what the node knows.
func (p *capturePlayer) snapshot(now time.Time) error {
	p.taken = p.node.seq
	p.revision++
	n := p.node
	totals := n.ledger.Totals()
	s := &Snapshot{
		Revision: p.revision, At: now, Started: p.began, Phase: Serving, Notices: p.notices(),
		Hashes: Hashes{Seen: totals.Hashes, Requests: totals.Requests, Announces: totals.Announces, Samples: totals.Samples,
			Maintenance: totals.Maintenance, Top: n.ledger.Top(MaxHashes, now)},
		Bounds:  Bounds{Hashes: totals.Kept, MaxHashes: DefaultMaxHashes},
		Nodes:   n.views(now),
		Lookups: n.lookups.states(now),
		News:    News{Since: p.began},
		Traffic: p.traffic(),
	}
	s.Events, s.Quiet = p.recent.Take(n.journal)
	s.Tally = p.count(now, s.Nodes)
	rate := p.meter.in + p.meter.out
	s.Packets = Packets{PacketFlow: journal.PacketFlow{Watched: true, Since: p.began, Rate: rate, Kept: rate, Seen: n.seq, Passed: n.seq}, Log: n.newest()}
	return p.each(s)
}

func (p *capturePlayer) traffic() Traffic {
	return Traffic{Stats: p.node.stats, Details: p.node.details, MethodRates: p.meter.methods, InRate: p.meter.in, OutRate: p.meter.out,
		History: slices.Clone(p.meter.history), Used: p.meter.used}
}

// count makes the Tally anew every few seconds.
func (p *capturePlayer) count(now time.Time, nodes []Vantage) Tally {
	if !p.tally.At.IsZero() && now.Sub(p.tally.At) < tally.Every {
		return p.tally
	}
	if now.Sub(p.swept) >= tally.SweepEvery {
		p.node.askers.Sweep(now)
		p.node.repliers.Sweep(now)
		p.swept = now
	}
	p.tally = p.node.tally(now, nodes)
	return p.tally
}
