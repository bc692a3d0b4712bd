package crawl

import (
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

var refusal = &wire.Error{Code: wire.CodeMethodUnknown}

// visited returns a planner that has visited at(1) with that outcome, and its record.
func visitedOne(t *testing.T, before func(*record), reply wire.Reply, err error) (*planner, *record) {
	t.Helper()
	p := newTestPlanner(at(1))
	if before != nil {
		before(p.recordOf(at(1)))
	}
	q := p.visiting(t, at(1))
	p.handle(q, &reply, err, 1, start)
	if p.inFlight != 0 {
		t.Errorf("%d queries are in flight", p.inFlight)
	}
	return p, p.recordOf(at(1))
}

func TestWhenANodeIsAskedAgain(t *testing.T) {
	samples, _ := sample(time.Hour)
	answered := func(r *record) { r.kind = speaks }
	for name, c := range map[string]struct {
		before func(*record)
		reply  wire.Reply
		err    error
		wait   time.Duration
		kind   kind
		stage  stage
		fails  uint8
	}{
		"samples":                    {nil, samples, nil, time.Hour, speaks, idle, 0},
		"no samples":                 {nil, wire.Reply{}, nil, 24 * time.Hour, mute, idle, 0},
		"an error":                   {nil, wire.Reply{}, refusal, 24 * time.Hour, mute, idle, 0},
		"an invalid reply":           {nil, wire.Reply{}, wire.ErrInvalid, 24 * time.Hour, mute, idle, 0},
		"silence":                    {nil, wire.Reply{}, errSilent, 10 * time.Minute, silent, idle, 1},
		"silence again":              {func(r *record) { r.kind, r.fails = silent, 1 }, wire.Reply{}, errSilent, 12 * time.Hour, silent, idle, 2},
		"silence after a reply":      {answered, wire.Reply{}, errSilent, 0, speaks, queued, 1},
		"silence after silence":      {func(r *record) { r.kind, r.fails = speaks, 1 }, wire.Reply{}, errSilent, 12 * time.Hour, silent, idle, 2},
		"silence for the 100th time": {func(r *record) { r.kind, r.fails = silent, 7 }, wire.Reply{}, errSilent, 12 * time.Hour, silent, idle, 7},
		"silence before it is due": {func(r *record) { r.kind, r.fails, r.due = mute, 1, unixTime(start.Add(24*time.Hour))+1 }, wire.Reply{}, errSilent,
			24 * time.Hour, silent, idle, 2},
		"an answer at last": {func(r *record) { r.kind, r.fails = silent, 3 }, samples, nil, time.Hour, speaks, idle, 0},
	} {
		_, r := visitedOne(t, c.before, c.reply, c.err)
		due := uint32(0)
		if c.wait > 0 {
			due = unixTime(start.Add(c.wait)) + 1
		}
		if r.due != due || r.kind != c.kind || r.stage != c.stage || r.fails != c.fails {
			t.Errorf("%s: %+v, want due %d, kind %d, stage %d, %d fails", name, *r, due, c.kind, c.stage, c.fails)
		}
	}
}

func TestVisitsAreCounted(t *testing.T) {
	samples, _ := sample(time.Hour)
	for name, c := range map[string]struct {
		before func(*record)
		reply  wire.Reply
		err    error
		want   Stats
	}{
		"samples":      {nil, samples, nil, Stats{Replies: 1, Hashes: 2, New: 1, NodesSpeaking: 1, NodesAsked: 1}},
		"again":        {func(r *record) { r.kind = speaks }, samples, nil, Stats{Replies: 1, Hashes: 2, New: 1}},
		"no samples":   {nil, wire.Reply{}, nil, Stats{Replies: 1, Mute: 1, NodesAsked: 1}},
		"silence":      {nil, wire.Reply{}, errSilent, Stats{Silent: 1, NodesAsked: 1}},
		"dead":         {func(r *record) { r.kind, r.fails = silent, 1 }, wire.Reply{}, errSilent, Stats{Silent: 1, Dead: 1}},
		"lost":         {func(r *record) { r.kind = mute }, wire.Reply{}, errSilent, Stats{}},
		"twice lost":   {func(r *record) { r.kind, r.fails = mute, 1 }, wire.Reply{}, errSilent, Stats{Silent: 1}},
		"another's ID": {nil, wire.Reply{From: at(2)}, nil, Stats{Replies: 1, Mute: 1, Mismatches: 1, NodesAsked: 1}},
		"its own ID":   {nil, wire.Reply{From: at(1)}, nil, Stats{Replies: 1, Mute: 1, NodesAsked: 1}},
	} {
		p, _ := visitedOne(t, c.before, c.reply, c.err)
		got := p.stats
		got.Packets, got.Queries = 0, 0
		if got.Cells = [256]Cell{}; got.Replies != c.want.Replies || got.Hashes != c.want.Hashes || got.New != c.want.New ||
			got.NodesSpeaking != c.want.NodesSpeaking || got.NodesAsked != c.want.NodesAsked || got.Mute != c.want.Mute ||
			got.Silent != c.want.Silent || got.Dead != c.want.Dead || got.Mismatches != c.want.Mismatches {
			got.History = nil
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestANodeIsCountedWhereItAnswered(t *testing.T) {
	samples, _ := sample(time.Hour)
	samples.From = at(0x90)
	p, r := visitedOne(t, nil, samples, nil)
	if r.id != key(at(0x90).ID) || p.records.answering(r.id) != r {
		t.Errorf("%+v", r)
	}
	if p.heatmap.overview()[0x90] != (Cell{Speaking: 1, Hashes: 2}) {
		t.Errorf("%+v", p.heatmap.overview()[0x90])
	}
	if n, _ := p.heatmap.below(0x91<<56, 1, wire.IPv4); n != 1 || len(p.networks[wire.IPv4].sweep.responders) != 1 {
		t.Errorf("%d answered there", n)
	}
}

func TestTheContactsOfAReplyAreLearned(t *testing.T) {
	nodes := []wire.Contact{at(2), at(3)}
	p, _ := visitedOne(t, nil, wire.Reply{Nodes: nodes}, nil)
	if p.networks[wire.IPv4].sweep.frontier.len() != 2 || p.networks[wire.IPv4].sweep.leaves.at(0).credit != 4 {
		t.Errorf("%d candidates, %+v", p.networks[wire.IPv4].sweep.frontier.len(), p.networks[wire.IPv4].sweep.leaves.at(0))
	}
	moved, _ := visitedOne(t, nil, wire.Reply{From: at(0x90), Nodes: nodes}, nil)
	if s := &moved.networks[wire.IPv4].sweep; s.frontier.len() != 2 || s.leaves.at(0).credit != 0 || s.leaves.at(0).pending != 0 {
		t.Errorf("of a node that is elsewhere: %d candidates, %+v", s.frontier.len(), s.leaves.at(0))
	}
}

func TestANodeThatRefusesSamplesIsAskedForContactsIfItsLeafLacksThem(t *testing.T) {
	p, _ := visitedOne(t, nil, wire.Reply{}, refusal)
	if len(p.queue) != 1 || p.queue[0].to != at(1) || p.queue[0].why != toFillGap || p.queue[0].method != wire.FindNode {
		t.Errorf("the queue is %+v", p.queue)
	}
	silent, _ := visitedOne(t, nil, wire.Reply{}, errSilent)
	mute, _ := visitedOne(t, func(r *record) { r.kind, r.due = 2, unixTime(start)+1 }, wire.Reply{}, refusal)
	if len(silent.queue) != 0 || len(mute.queue) != 0 {
		t.Error("one that did not refuse samples is asked too")
	}
	known := newTestPlanner(at(1))
	q := known.visiting(t, at(1))
	known.networks[wire.IPv4].sweep.known(0)
	if known.handle(q, &wire.Reply{}, refusal, 0, start); len(known.queue) != 0 {
		t.Error("its leaf lacks nothing")
	}
}

func TestAHelperThatAnswersTriesTheGap(t *testing.T) {
	p := newTestPlanner(at(0x80))
	p.networks[wire.IPv4].sweep = *sweepAt(8, 0x10)
	c := &p.networks[wire.IPv4].sweep.cursor
	fill := func(gap bool, nodes []wire.Contact, err error) {
		q := p.complete(query{to: at(0x80), why: toFillGap, target: 0x10 << 56, gap: gap, method: wire.FindNode})
		p.sent(&q, start)
		p.handle(&q, &wire.Reply{Nodes: nodes}, err, 0, start)
	}
	fill(true, []wire.Contact{at(2)}, nil)
	if c.tries != 1 {
		t.Errorf("a new contact counts %d", c.tries)
	}
	fill(true, []wire.Contact{at(2)}, nil)
	if c.tries != 5 {
		t.Errorf("nothing new counts %d", c.tries-1)
	}
	fill(false, nil, nil)
	fill(true, nil, errSilent)
	fill(true, nil, errSilent)
	if c.tries != 5 || p.fallback.active || p.fallback.silent != 2 {
		t.Errorf("%d tries, %+v", c.tries, p.fallback)
	}
	if fill(false, nil, errSilent); p.fallback.silent != 2 {
		t.Error("a helper off the gap counts as silent")
	}
	if fill(true, nil, errSilent); !p.fallback.active {
		t.Error("three silent helpers are no reason to fall back")
	}
}

func TestAVisitForAGapTriesIt(t *testing.T) {
	for err, want := range map[error]int{nil: 4, errSilent: 0} {
		p := newTestPlanner(at(1))
		q := p.visiting(t, at(1))
		q.gap = true
		p.handle(q, &wire.Reply{}, err, 0, start)
		if got := p.networks[wire.IPv4].sweep.cursor.tries; got != want {
			t.Errorf("%v counts %d", err, got)
		}
	}
}

func TestTheNodesOfADrawAreRecapturedBelowTheWatermark(t *testing.T) {
	for _, why := range []purpose{toDraw, toVisit} {
		p := newTestPlanner(at(1))
		n := &p.networks[wire.IPv4]
		n.sweep.watermark.finish(0x40 << 56)
		q := p.visiting(t, at(1))
		q.why, q.draw = why, true
		p.handle(q, &wire.Reply{Nodes: []wire.Contact{at(0x3f), at(0x40), six(2), at(0x3f)}}, nil, 0, start)
		if len(p.queue) != 1 || p.queue[0].to != at(0x3f) || p.queue[0].why != toRecapture || p.queue[0].method != wire.Ping {
			t.Fatalf("the queue is %+v", p.queue)
		}
		if n.sweep.frontier.len() != 0 {
			t.Error("the sweep learns of them")
		}
		for range 2 {
			ping := p.queue[0]
			p.handle(&ping, &wire.Reply{}, nil, 0, start)
			p.handle(&ping, &wire.Reply{}, errSilent, 0, start)
			p.handle(&ping, &wire.Reply{}, refusal, 0, start)
		}
		if len(n.recapture.caught) != 4 {
			t.Errorf("%d are caught, of those that answered", len(n.recapture.caught))
		}
	}
}

func TestACollapseOfTheYieldFallsBackAndANetworkThatIsBackForgives(t *testing.T) {
	p := newTestPlanner(at(1))
	for range 255 {
		p.reputation.yield.outcome(p.reputation.yield.next(), false, start)
	}
	q := p.visiting(t, at(1))
	p.handle(q, &wire.Reply{}, errSilent, 0, start)
	if p.stats.Collapses != 1 || !p.fallback.active || !p.reputation.yield.poor(start) {
		t.Fatalf("%d collapses, %+v", p.stats.Collapses, p.fallback)
	}
	for _, err := range []error{errSilent, nil} {
		now := start.Add(5 * time.Second)
		q, ok := p.next(now)
		if !ok || q.why != toFallBack {
			t.Fatalf("%+v", q)
		}
		p.sent(&q, now)
		p.handle(&q, &wire.Reply{Nodes: []wire.Contact{at(2)}}, err, 0, start)
	}
	if p.fallback.active || p.reputation.yield.poor(start) || p.recordOf(at(2)).referrer != trustedReferrer {
		t.Errorf("%+v, poor %v", p.fallback, p.reputation.yield.poor(start))
	}
}

func TestAReplyToAForgottenNodeIsIgnored(t *testing.T) {
	p := newTestPlanner(at(1))
	q := p.visiting(t, at(1))
	p.records.purge(func(*record) bool { return false })
	if p.handle(q, &wire.Reply{Nodes: []wire.Contact{at(2)}}, nil, 1, start); p.stats.Replies != 0 || len(p.records.list) != 0 {
		t.Errorf("%d replies, %d records", p.stats.Replies, len(p.records.list))
	}
}
