package crawl

import (
	"math"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// visiting returns the next query, which must be the visit of c, and sends it.
func (p *planner) visiting(t *testing.T, c wire.Contact) *query {
	t.Helper()
	q, ok := p.next(start)
	if !ok || q.why != toVisit || q.to != c {
		t.Fatalf("the next query is %+v, %v", q, ok)
	}
	p.sent(&q, start)
	return &q
}

func TestNothingIsAskedWhilePausedOrResting(t *testing.T) {
	p := newTestPlanner(at(1))
	p.running = false
	if q, ok := p.next(start); ok {
		t.Errorf("paused: %+v", q)
	}
	p.running, p.schedule.resting = true, true
	if q, ok := p.next(start); ok {
		t.Errorf("resting: %+v", q)
	}
	p.schedule.resting = false
	p.visiting(t, at(1))
}

func TestTheQueueGoesBeforeTheFallbackAndThatBeforeAllElse(t *testing.T) {
	p := newTestPlanner(at(1))
	p.fallback.activate()
	p.enqueue(query{to: at(5), why: toRecapture})
	for _, want := range []purpose{toRecapture, toFallBack} {
		if q, ok := p.next(start); !ok || q.why != want {
			t.Errorf("purpose %d, want %d", q.why, want)
		}
	}
	if q, ok := p.next(start); ok || p.fallback.inFlight != 1 {
		t.Errorf("more is asked while the trusted node is: %+v, %d in flight", q, p.fallback.inFlight)
	}
}

func TestTheFallbackAsksThreeTrustedNodesOfEachFamilyForThePlace(t *testing.T) {
	p := newTestPlanner(at(1), at(2), at(3), at(4), six(5))
	for i := range p.networks {
		p.networks[i].sweep = *sweepAt(8, 2)
	}
	p.fallback.activate()
	count := [2]int{}
	for {
		q, ok := p.next(start)
		if !ok {
			break
		}
		if q.why != toFallBack || q.method != wire.FindNode || q.target != 2<<56 || q.to == at(4) {
			t.Errorf("%+v", q)
		}
		count[q.family]++
	}
	if count != [2]int{3, 1} || p.fallback.inFlight != 4 {
		t.Errorf("asked %v", count)
	}
}

func TestAQueryKnowsWhereItGoes(t *testing.T) {
	p := newTestPlanner(six(7))
	q := p.visiting(t, six(7))
	if q.addr != p.records.fingerprint(six(7).Addr) || q.self != 7<<56 || q.family != wire.IPv6 || q.method != wire.SampleInfohashes || q.target>>56 != 7 {
		t.Errorf("%+v", q)
	}
	if p.recordOf(six(7)).stage != inFlight {
		t.Error("it is not being asked")
	}
}

func TestACandidateIsNotVisitedIfItMustNotBeByNow(t *testing.T) {
	soon := unixTime(start) + 1
	for name, change := range map[string]func(*planner, *record){
		"is forgotten":       func(p *planner, r *record) { r.addr++ },
		"was visited":        func(p *planner, r *record) { r.stage = idle },
		"is in its interval": func(p *planner, r *record) { r.due, r.kind = soon, speaks },
		"is silent":          func(p *planner, r *record) { r.due, r.kind = soon, silent },
		"has moved": func(p *planner, r *record) {
			other := p.records.add(record{addr: 1, due: soon, kind: speaks})
			p.records.identify(other, r.id)
		},
		"is distrusted": func(p *planner, r *record) {
			for range 200 {
				p.reputation.hosts.at(hostOf(p.records.seed, at(1).Addr)).add(true)
			}
		},
	} {
		p := newTestPlanner(at(1))
		change(p, p.recordOf(at(1)))
		if q, ok := p.visit(at(1), 0, start); ok {
			t.Errorf("one that %s: %+v", name, q)
		}
		if r := p.recordOf(at(1)); name == "is distrusted" && (r.stage != suspect || p.stats.Distrusted != 1) {
			t.Errorf("one that %s: %+v", name, r)
		}
	}
	p := newTestPlanner(at(1))
	other := p.records.add(record{addr: 1, due: soon - 1, kind: speaks})
	p.records.identify(other, key(at(1).ID))
	if _, ok := p.visit(at(1), 0, start); !ok {
		t.Error("one whose interval elsewhere is over is not visited")
	}
}

func TestANodeWithoutBEP51IsAskedForContactsInItsInterval(t *testing.T) {
	p := newTestPlanner(at(1))
	r := p.recordOf(at(1))
	r.due, r.kind = unixTime(start)+1, mute
	p.records.identify(r, r.id)
	if q := p.visiting(t, at(1)); q.method != wire.FindNode {
		t.Errorf("asked %v", q.method)
	}
	if p.stats.Queries != 0 || p.stats.Packets != 1 {
		t.Errorf("%+v", p.stats)
	}
}

func TestAVisitThatIsDueToDrawIsForBelowTheWatermark(t *testing.T) {
	p := newTestPlanner(at(1))
	n := &p.networks[wire.IPv4]
	n.sweep = *sweepAt(8, 0x80)
	n.sweep.add(at(1))
	n.sweep.watermark.finish(0x40 << 56)
	n.recapture.visits = 255
	q, ok := p.next(start)
	for ok && q.why != toVisit { // what the cursor lacks
		q, ok = p.next(start)
	}
	if !ok || !q.draw || q.target >= 0x40<<56 || q.method != wire.SampleInfohashes {
		t.Errorf("%+v", q)
	}
	if own, beside := n.sweep.leaves.at(1), n.sweep.leaves.at(0); own.pending != 0 || beside.pending != 0 {
		t.Error("its leaf counts on the reply")
	}
}

func TestQueriesAreCountedWhenTheyAreSent(t *testing.T) {
	p := newTestPlanner(at(1))
	p.visiting(t, at(1))
	if p.stats.Packets != 1 || p.stats.Queries != 1 || p.stats.NodesAsked != 1 || p.inFlight != 1 || p.stats.IntervalViolations != 0 {
		t.Errorf("%+v", p.stats)
	}
	if r := p.recordOf(at(1)); r.asked != 1 || p.heatmap.overview()[1].Asked != 1 {
		t.Errorf("%+v", r)
	}
	again := p.complete(query{to: at(1), method: wire.SampleInfohashes})
	p.recordOf(at(1)).kind, p.recordOf(at(1)).due = speaks, unixTime(start)+1
	p.sent(&again, start)
	if p.stats.NodesAsked != 1 || p.heatmap.overview()[1].Asked != 1 || p.stats.IntervalViolations != 1 || again.number != 1 {
		t.Errorf("the second time %+v", p.stats)
	}
	ping := p.complete(query{to: at(1), why: toRecapture})
	if p.sent(&ping, start); p.stats.Packets != 3 || p.stats.Queries != 2 {
		t.Errorf("a ping counts as %+v", p.stats)
	}
}

func TestAQueryThatIsTakenBackComesAgain(t *testing.T) {
	p := newTestPlanner(at(1))
	q, _ := p.next(start)
	if p.requeue(&q); p.recordOf(at(1)).stage != queued || p.networks[wire.IPv4].sweep.leaves.at(0).pending != 0 {
		t.Errorf("%+v", p.recordOf(at(1)))
	}
	p.visiting(t, at(1))
	ping := p.complete(query{to: at(5), why: toRecapture})
	p.requeue(&ping)
	if q, ok := p.next(start); !ok || q != ping {
		t.Errorf("%+v", q)
	}
}

func TestANodeThatIsNotAdmittedIsAskedTenMinutesLater(t *testing.T) {
	p := newTestPlanner(at(1))
	q, _ := p.next(start)
	p.abort(&q, start)
	if r := p.recordOf(at(1)); r.stage != idle || r.asked != 1 || r.due != unixTime(start.Add(10*time.Minute)) || r.kind != unknown {
		t.Errorf("%+v", r)
	}
	if p.networks[wire.IPv4].sweep.leaves.at(0).pending != 0 {
		t.Error("its leaf counts on the reply")
	}
	p.fallback.activate()
	p.fallback.begin(1)
	probe := p.complete(query{to: at(1), why: toFallBack})
	if p.abort(&probe, start); p.fallback.inFlight != 0 || !p.fallback.away {
		t.Errorf("%+v", p.fallback)
	}
	ping := p.complete(query{to: at(1), why: toRecapture, target: 0})
	p.networks[wire.IPv4].sweep.leaves.ask(0, start)
	if p.abort(&ping, start); p.networks[wire.IPv4].sweep.leaves.at(0).pending != 1 {
		t.Error("a ping is no query for a leaf")
	}
}

func TestAGapIsFilledByCandidatesThenRespondersThenTrustedNodes(t *testing.T) {
	p := newTestPlanner(at(0x80))
	s := &p.networks[wire.IPv4].sweep
	*s = *sweepAt(8, 0x10)
	s.responders[0x20] = at(0x20)
	p.records = records{}
	p.learn(at(0x12), at(9).Addr, 7, start)
	for _, want := range []struct {
		to  wire.Contact
		why purpose
	}{{at(0x12), toVisit}, {at(0x20), toFillGap}, {at(0x80), toFillGap}} {
		q, ok := p.fillGap(wire.IPv4, start)
		if !ok || q.to != want.to || q.why != want.why || !q.gap || q.target>>56 != 0x10 {
			t.Errorf("%+v, want %v", q, want)
		}
	}
	if _, ok := p.fillGap(wire.IPv6, start); ok {
		t.Error("a network without trusted nodes has gaps")
	}
}

func TestTheEndOfAFrontierIsNotAQuery(t *testing.T) {
	p := newTestPlanner(at(1))
	p.networks[wire.IPv4].sweep.cursor.leaf = math.MaxUint64
	p.recordOf(at(1)).stage = idle // it must not be visited any more
	if q, ok := p.next(start); ok {
		t.Errorf("%+v", q)
	}
	if p.networks[wire.IPv4].sweep.leaves.at(0).pending != 0 {
		t.Error("its leaf counts on the reply")
	}
}
