package crawl

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"dhtop/dhtcore/wire"
)

// newTestPlanner returns a running planner in its first sweep, which knows some nodes to be good.
func newTestPlanner(good ...wire.Contact) *planner {
	p := newPlanner(nil)
	p.running = true
	p.round(good, nil, start)
	return p
}

func (p *planner) recordOf(c wire.Contact) *record {
	return p.records.find(p.records.fingerprint(c.Addr))
}

// learned reports whether a contact is a new candidate when the node at by names it.
func (p *planner) learned(c, by wire.Contact) bool {
	return p.learn(c, by.Addr, referrerOf(p.records.seed, by.Addr), start)
}

func withPort(c wire.Contact, port uint16) wire.Contact {
	c.Addr = netip.AddrPortFrom(c.Addr.Addr(), port)
	return c
}

func TestAContactThatCannotBeANodeIsNotLearned(t *testing.T) {
	p := newTestPlanner()
	p.self = []wire.ID{at(0x77).ID}
	p.believe = func(claimed, referrer netip.AddrPort) bool {
		if referrer != at(0x99).Addr {
			t.Errorf("asked whether %s is believed", referrer)
		}
		return claimed != at(0x66).Addr
	}
	local := at(0x55)
	local.Addr = netip.MustParseAddrPort("0.0.0.0:1")
	for name, c := range map[string]wire.Contact{"port 0": withPort(at(1), 0), "ourselves": at(0x77), "not believed": at(0x66), "no address": local} {
		if p.learned(c, at(0x99)) || p.recordOf(c) != nil {
			t.Errorf("%s is learned", name)
		}
	}
	if !p.learned(at(0x11), at(0x99)) {
		t.Error("a node is not learned")
	}
	if !p.learn(at(0x66), netip.AddrPort{}, trustedReferrer, start) {
		t.Error("a node of our own table must be believed")
	}
}

func TestANodeIsACandidateOnceASweep(t *testing.T) {
	p := newTestPlanner()
	if !p.learned(at(1), at(9)) || p.learned(at(1), at(8)) {
		t.Error("it is another time while it waits")
	}
	r := p.recordOf(at(1))
	if r.stage != queued || !r.corroborated || r.seen != 1 || r.referrer != referrerOf(p.records.seed, at(9).Addr) {
		t.Errorf("%+v", r)
	}
	if cell := p.heatmap.overview()[1]; cell.Nodes != 1 {
		t.Errorf("it counts %d times", cell.Nodes)
	}
	for name, change := range map[string]func(*record){
		"it is being asked": func(r *record) { r.stage = inFlight },
		"it was asked":      func(r *record) { r.stage, r.asked = idle, 1 },
		"its interval runs": func(r *record) { r.stage, r.due, r.kind = idle, unixTime(start)+1, speaks },
	} {
		before := *r
		if change(r); p.learned(at(1), at(9)) {
			t.Errorf("it is another time when %s", name)
		}
		*r = before
	}
	r.stage, r.due, r.kind = idle, unixTime(start), speaks
	if !p.learned(at(1), at(9)) {
		t.Error("it is not when its interval is over")
	}
	r.stage, r.due, r.kind = idle, unixTime(start)+1, mute
	if !p.learned(at(1), at(9)) {
		t.Error("one without BEP 51 is not asked for contacts")
	}
}

func TestAContactOfADistrustedReferrerWaitsForAnother(t *testing.T) {
	p := newTestPlanner()
	referrer := referrerOf(p.records.seed, at(9).Addr)
	for i := range 32 {
		p.reputation.outcome(p.reputation.yield.next(), referrer, uint32(i+1), false, start)
	}
	once, again := p.learned(at(1), at(9)), p.learned(at(1), at(9))
	if once || again || p.stats.Distrusted != 1 || p.recordOf(at(1)).stage != suspect {
		t.Errorf("it is a candidate, or counted %d times", p.stats.Distrusted)
	}
	if !p.learned(at(1), at(8)) {
		t.Error("it is none when another names it")
	}
	if p.learned(at(2), at(9)) || !p.learn(at(2), at(9).Addr, trustedReferrer, start) {
		t.Error("it is none when a trusted node names it")
	}
}

func TestAHelperOfOurTableIsTrusted(t *testing.T) {
	p := newTestPlanner(at(9))
	for why, trusted := range map[purpose]bool{toFillGap: true, toFallBack: true, toVisit: false} {
		c := at(byte(10 + why))
		if found := p.learnAll([]wire.Contact{c, c}, &query{to: at(9), why: why}, start); found != 1 {
			t.Errorf("%d of 1 are new", found)
		}
		if got := p.recordOf(c).referrer == trustedReferrer; got != trusted {
			t.Errorf("purpose %d: trusted %v", why, got)
		}
	}
	p.learnAll([]wire.Contact{at(30)}, &query{to: at(8), why: toFillGap}, start)
	if p.recordOf(at(30)).referrer == trustedReferrer {
		t.Error("a stranger is trusted")
	}
}

func TestFourMillionNodesAreRemembered(t *testing.T) {
	p := newTestPlanner()
	p.records.list, p.records.byAddr = make([]record, 4<<20-1, 4<<20), newIndex(0)
	if !p.learned(at(1), at(9)) {
		t.Error("one less is too many")
	}
	if p.learned(at(2), at(9)) {
		t.Error("one more is remembered")
	}
}

func TestACandidateThatTheFrontierRefusesIsNotQueued(t *testing.T) {
	p := newTestPlanner()
	p.networks[wire.IPv4].sweep.crowded(1 << 16)
	if p.learned(at(1), at(9)) || p.recordOf(at(1)).stage != idle {
		t.Errorf("it is %+v", p.recordOf(at(1)))
	}
}

func TestOldRecordsAreDroppedEveryTenMinutes(t *testing.T) {
	p := newTestPlanner()
	p.schedule.number = 7
	old := start.Add(-12 * time.Hour)
	p.records = records{}
	p.records.add(record{addr: 1, due: unixTime(old)})
	p.records.add(record{addr: 2, due: unixTime(old) + 1})
	p.records.add(record{addr: 3, stage: queued})
	p.records.add(record{addr: 4, stage: inFlight})
	p.records.add(record{addr: 5, asked: 7})
	p.records.add(record{addr: 6, stage: suspect})
	left := func() (addrs []uint64) {
		for _, r := range p.records.list {
			addrs = append(addrs, r.addr)
		}
		return addrs
	}
	p.tidied = start.Add(-10*time.Minute + 1)
	if p.tidy(start); len(left()) != 6 {
		t.Errorf("dropped before ten minutes: %v", left())
	}
	p.tidied = start.Add(-10 * time.Minute)
	if p.tidy(start); !slices.Equal(left(), []uint64{2, 3, 4, 5}) {
		t.Errorf("left %v", left())
	}
	p.tidied, p.schedule.resting = time.Time{}, true
	if p.tidy(start); !slices.Equal(left(), []uint64{2, 3, 4}) {
		t.Errorf("left while resting %v", left())
	}
}

func TestASweepEndsWhenNothingIsLeftToAsk(t *testing.T) {
	ended := func(change func(*planner)) bool {
		p := newTestPlanner(at(1))
		p.networks[wire.IPv4].sweep = *sweepAt(8, 256)
		change(p)
		p.advance(start)
		return p.schedule.resting
	}
	if !ended(func(*planner) {}) {
		t.Error("it does not end")
	}
	for name, change := range map[string]func(*planner){
		"a query is in flight":    func(p *planner) { p.inFlight = 1 },
		"a query is queued":       func(p *planner) { p.enqueue(query{to: at(5)}) },
		"no good node is known":   func(p *planner) { p.trusted = nil },
		"the cursor is under way": func(p *planner) { p.networks[wire.IPv4].sweep.cursor.leaf = 255 },
		"draws are lacking": func(p *planner) {
			for range 64 {
				p.heatmap.answered(0, 1, wire.IPv4)
			}
		},
	} {
		if ended(change) {
			t.Errorf("it ends when %s", name)
		}
	}
}

func TestTheNextSweepBeginsAnew(t *testing.T) {
	p := newTestPlanner(at(1))
	p.networks[wire.IPv4].sweep = *sweepAt(8, 256)
	p.advance(start)
	p.stats.Mute, p.stats.Silent, p.stats.Dead = 1, 2, 3
	p.reputation.hosts.at(5).asked = 200
	p.networks[wire.IPv4].recapture.catch(1)
	p.round([]wire.Contact{at(2)}, nil, start.Add(59*time.Second))
	if p.schedule.number != 1 || p.recordOf(at(2)) != nil || p.schedule.active != time.Second {
		t.Errorf("it rests, but sweep %d has run for %s", p.schedule.number, p.schedule.active)
	}
	p.round([]wire.Contact{at(2)}, nil, start.Add(60*time.Second))
	if p.schedule.number != 2 || p.recordOf(at(2)).stage != queued || p.schedule.active != time.Second {
		t.Errorf("sweep %d has run for %s", p.schedule.number, p.schedule.active)
	}
	if p.stats.Mute+p.stats.Silent+p.stats.Dead != 0 || p.reputation.hosts.of(5).asked != 0 || len(p.networks[wire.IPv4].recapture.caught) != 0 {
		t.Error("it goes on with counts of the last one")
	}
}

// At the end of a small network nodes are drawn from those that answered, and then from the trusted ones.
func TestDrawsAtTheEndAskRespondersAndTrustedNodes(t *testing.T) {
	p := newTestPlanner(at(1), at(2), at(3), six(4))
	s := &p.networks[wire.IPv4].sweep
	*s = *sweepAt(8, 256)
	s.respond(0x50<<56, at(0x50))
	for range 64 * 3 {
		p.heatmap.answered(0, 1, wire.IPv4)
	}
	p.networks[wire.IPv6].sweep.cursor.leaf = 0
	if !p.drawMore() || len(p.queue) != 3 || p.networks[wire.IPv4].recapture.draws != 3 {
		t.Fatalf("%d are drawn from", len(p.queue))
	}
	if p.queue[0].to != at(0x50) {
		t.Errorf("first %v", p.queue[0].to)
	}
	for _, q := range p.queue {
		if q.why != toDraw || !q.draw || q.method != wire.FindNode || q.family != wire.IPv4 {
			t.Errorf("%+v", q)
		}
	}
	p.queue = nil
	if p.drawMore() {
		t.Error("more are drawn")
	}
}
