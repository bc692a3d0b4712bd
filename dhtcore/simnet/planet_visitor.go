package simnet

import (
	"context"
	"encoding/binary"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// VisitorConfig says who visits a planet.
type VisitorConfig struct {
	ID      wire.ID
	Seed    uint64        // of its luck: which packets are lost, which peers it is told of
	Rate    float64       // questions a second that it admits; 0 for any number
	Timeout time.Duration // of its questions; default node.DefaultTimeout
}

// Visitor is one client on a Planet, a lookup.Querier that counts. It waits on the clock of the
// testing/synctest bubble that it is made and used in. Its methods may be called by several goroutines:
// mu guards when the next question is admitted, the counts are atomic.
type Visitor struct {
	planet *Planet
	cfg    VisitorConfig
	table  []wire.Contact
	born   time.Time

	mu   sync.Mutex
	next time.Time

	once    sync.Once
	visited []atomic.Uint32 // by rank: when it last sampled, in visitTick since born, plus one; 0 for never

	sent, received, wasted, lost, sampled, violations atomic.Uint64
}

// visitTick is how exactly visits are noted: 32 bits of it are 49 days.
const visitTick = time.Millisecond

// VisitorStats counts the packets of one visitor.
type VisitorStats struct {
	Sent       uint64 // questions
	Wasted     uint64 // of them, to dead nodes and to addresses where there is none
	Lost       uint64 // of them, to live nodes when the question or the answer was lost
	Received   uint64 // answers, errors included
	Sampled    uint64 // distinct nodes that gave it a sample
	Violations uint64 // samples asked for before the interval of the last one was over
}

// Visitor returns a new client of the planet.
func (p *Planet) Visitor(cfg VisitorConfig) *Visitor {
	if cfg.Timeout <= 0 {
		cfg.Timeout = node.DefaultTimeout
	}
	return &Visitor{planet: p, cfg: cfg, table: p.TableOf(cfg.ID), born: time.Now()}
}

// Stats returns the counts as of now.
func (v *Visitor) Stats() VisitorStats {
	return VisitorStats{Sent: v.sent.Load(), Wasted: v.wasted.Load(), Lost: v.lost.Load(), Received: v.received.Load(),
		Sampled: v.sampled.Load(), Violations: v.violations.Load()}
}

// Seeds returns the n nodes of the visitor's routing table that are closest to target, closest first.
func (v *Visitor) Seeds(target wire.ID, n int) []wire.Contact {
	list := slices.Clone(v.table)
	slices.SortFunc(list, func(a, b wire.Contact) int { return wire.CompareDistance(target, a.ID, b.ID) })
	return list[:min(n, len(list))]
}

// Admit implements lookup.Querier: it waits for the next question's turn.
func (v *Visitor) Admit(ctx context.Context, _ netip.AddrPort) error {
	if v.cfg.Rate <= 0 {
		return ctx.Err()
	}
	v.mu.Lock()
	now := time.Now()
	if v.next.Before(now) {
		v.next = now
	}
	wait := v.next.Sub(now)
	v.next = v.next.Add(time.Duration(float64(time.Second) / v.cfg.Rate))
	v.mu.Unlock()
	return pause(ctx, wait)
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Ask implements lookup.Querier. A dead node, an unknown address and a lost packet are all silence.
func (v *Visitor) Ask(ctx context.Context, to wire.Contact, q wire.Query) (wire.Reply, error) {
	v.sent.Add(1)
	asked := time.Now()
	p := v.planet
	rank, known := p.find(to.Addr)
	luck := p.draw(ofLuck, v.cfg.Seed, uint64(rank), uint64(asked.UnixNano()), uint64(q.Method), keyOf(q.Target))
	wait := v.cfg.Timeout
	silent := true
	switch {
	case !known || !p.alive(rank):
		v.wasted.Add(1)
	case chance(scramble(luck+1), p.cfg.Loss) || chance(scramble(luck+2), p.cfg.Loss):
		v.lost.Add(1)
	case p.rtt(rank) < wait:
		wait, silent = p.rtt(rank), false
	}
	if err := pause(ctx, wait); err != nil {
		return wire.Reply{}, err
	}
	if silent {
		return wire.Reply{}, node.ErrTimeout
	}
	v.received.Add(1)
	r, err := v.answer(rank, &q, luck)
	if err != nil {
		return wire.Reply{}, err
	}
	r.From, r.RTT = p.contact(rank), wait
	if r.HasSamples {
		v.visit(rank, asked)
	}
	return r, nil
}

// visit notes that the node at rank was asked for a sample and gave it.
func (v *Visitor) visit(rank int, asked time.Time) {
	v.once.Do(func() { v.visited = make([]atomic.Uint32, v.planet.cfg.Nodes) })
	tick := uint32(asked.Sub(v.born)/visitTick) + 1
	last := v.visited[rank].Swap(tick)
	switch {
	case last == 0:
		v.sampled.Add(1)
	case time.Duration(tick-last)*visitTick < v.planet.cfg.SampleInterval:
		v.violations.Add(1)
	}
}

// speech is how a node takes to sample_infohashes.
type speech uint8

const (
	fluent   speech = iota
	refusing        // does not know the method and says so
	obliging        // answers an unknown method with a target as if it were find_node, as libtorrent does
)

func (p *Planet) speech(rank int) speech {
	draw := p.draw(ofSpeech, uint64(rank))
	switch {
	case !chance(draw, p.cfg.Mute):
		return fluent
	case draw&1 == 0:
		return refusing
	}
	return obliging
}

// answer is what the node at rank says to q. It takes announces and puts that come with its token and
// keeps nothing of them: its torrents are those of the planet.
func (v *Visitor) answer(rank int, q *wire.Query, luck uint64) (r wire.Reply, err error) {
	p, now := v.planet, time.Now()
	token := binary.BigEndian.AppendUint64(nil, p.draw(ofToken, uint64(rank), keyOf(v.cfg.ID)))
	switch q.Method {
	case wire.Ping:
		return r, nil
	case wire.AnnouncePeer, wire.Put:
		if !slices.Equal(q.Token, token) {
			err = &wire.Error{Code: wire.CodeProtocol, Text: "bad token"}
		}
		return r, err
	case wire.FindNode:
	case wire.Get:
		r.Token = token
	case wire.GetPeers:
		r.Token = token
		p.answerPeers(&r, rank, q, luck)
	case wire.SampleInfohashes:
		switch p.speech(rank) {
		case refusing:
			return r, &wire.Error{Code: wire.CodeMethodUnknown, Text: "method unknown"}
		case fluent:
			var stored int
			r.Samples, stored = p.samples(rank, now)
			r.HasSamples, r.Num, r.Interval = true, int64(stored), p.cfg.SampleInterval
		}
	default:
		return r, &wire.Error{Code: wire.CodeMethodUnknown, Text: "method unknown"}
	}
	if q.Want == 0 || q.Want&wire.WantNodes != 0 {
		r.Nodes = p.contacts(p.route(rank, keyOf(q.Target), now))
	}
	return r, nil
}
