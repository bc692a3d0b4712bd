package lab

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"dhtop/dhtcore/lookup"
	"dhtop/dhtcore/node"
	"dhtop/dhtcore/scenario"
	"dhtop/dhtcore/wire"
)

// Unmeasured is what stands for a measurement that there is none of.
const Unmeasured = -1

// What well again means, and the measures of a traffic that is not.
const (
	wellGood     = 0.8 // of the good nodes from before the trouble
	wellFalse    = 0.2 // share of false contacts, or what it was before the trouble
	wellMissed   = 1   // of the closest nodes
	deafReplies  = 0.1 // replies to a query
	peakSeconds  = 10
	probeTimeout = 10 * time.Second
)

// gauge measures what only the network knows, with a fixed amount of memory. The mu of the lab guards it.
type gauge struct {
	lookups         int
	recall, closest mean
	missed          int
	risk            string
	riskRight       mean
	answered        mean // pings of the stranger

	contacts, wrong, good int
	violations, rank      int
	violationsBefore      int
	lost                  int

	first, last node.Stats
	sent        []uint64 // PacketsOut so far, one a second of the last peakSeconds
	peak        float64
	deafSince   time.Time // zero while we are not
	deaf        time.Duration

	goodBefore  int     // when the trouble began
	falseBefore float64 // likewise
	trouble     bool
	mended      time.Time
	recovery    time.Duration
	probing     bool
	changed     time.Time // when what besieges a hash changed last
}

// mean is an arithmetic mean.
type mean struct {
	sum float64
	n   int
}

func (m *mean) add(x float64) { m.sum, m.n = m.sum+x, m.n+1 }

func (m *mean) value() float64 {
	if m.n == 0 {
		return Unmeasured
	}
	return m.sum / float64(m.n)
}

// begin starts the measurements.
func (m *gauge) begin(l *Lab) {
	m.first, m.violationsBefore = l.Stats(), l.Network.Violations()
	m.last, m.lost, m.rank, m.recovery = m.first, Unmeasured, Unmeasured, Unmeasured
}

// measurements are those so far.
func (m *gauge) measurements() scenario.Measurements {
	t := scenario.Measurements{Lookups: m.lookups, Recall: m.recall.value(), MissedPeers: m.missed, ClosestFound: m.closest.value(),
		Contacts: m.contacts, FalseContacts: m.wrong, FalseShare: m.falseShare(), IntervalViolations: m.violations,
		Recovery: m.recovery, Deaf: m.deaf, Answered: m.answered.value(), PacketsOut: m.last.PacketsOut - m.first.PacketsOut,
		PacketsIn: m.last.PacketsIn - m.first.PacketsIn, PacketsPerSecond: m.peak, Risk: m.risk, RiskRight: m.riskRight.value(),
		Rank: m.rank, Lost: m.lost}
	if m.lookups == 0 {
		t.MissedPeers = Unmeasured
	}
	return t
}

func (m *gauge) falseShare() float64 {
	if m.contacts == 0 {
		return Unmeasured
	}
	return float64(m.wrong) / float64(m.contacts)
}

// troubled notes what is well before the first trouble.
func (m *gauge) troubled() {
	if !m.trouble {
		m.trouble, m.goodBefore, m.falseBefore = true, m.good, max(m.falseShare(), 0)
	}
}

// mend starts the clock of the recovery.
func (m *gauge) mend(now time.Time) { m.mended, m.recovery = now, Unmeasured }

// second takes in what is measured once a second.
func (m *gauge) second(stats node.Stats, now time.Time) {
	queries, replies := stats.QueriesOut-m.last.QueriesOut, stats.RepliesIn-m.last.RepliesIn
	switch {
	case float64(replies) > deafReplies*float64(queries):
		m.deafSince = time.Time{}
	case queries > 0 && m.deafSince.IsZero():
		m.deafSince = now.Add(-measureEvery)
	}
	if !m.deafSince.IsZero() {
		m.deaf = max(m.deaf, now.Sub(m.deafSince))
	}
	m.sent = append(m.sent, stats.PacketsOut)
	if n := len(m.sent) - 1; n >= peakSeconds {
		m.peak = max(m.peak, float64(m.sent[n]-m.sent[n-peakSeconds])/peakSeconds)
		m.sent = slices.Delete(m.sent, 0, 1)
	}
	m.last = stats
}

// mayBeWell reports whether all is well again but for what a lookup must show.
func (m *gauge) mayBeWell() bool {
	return !m.mended.IsZero() && m.recovery < 0 && !m.probing && m.contacts > 0 &&
		float64(m.good) >= wellGood*float64(m.goodBefore) && m.falseShare() <= max(wellFalse, m.falseBefore)
}

// measure takes the measurements of a second, and reports whether a scenario is going on.
func (l *Lab) measure(now time.Time) (conducting bool) {
	good, nodes := l.Nodes(now)
	contacts, wrong := len(nodes), 0
	for _, c := range nodes {
		if l.Network.Judge(c).False() {
			wrong++
		}
	}
	stats, violations := l.Stats(), l.Network.Violations()
	l.mu.Lock()
	m := &l.exp.meter
	m.contacts, m.wrong, m.good, m.violations = contacts, wrong, good, violations-m.violationsBefore
	m.second(stats, now)
	x, probe := l.exp, m.mayBeWell()
	m.probing = m.probing || probe
	conducting = x.scenario != nil && !x.done
	l.mu.Unlock()
	if probe {
		l.probe(x)
	}
	return conducting
}

// probe looks whether a lookup reaches the nodes that it should, and ends the clock of the recovery if it does.
func (l *Lab) probe(x *experiment) {
	target := x.target // which this goroutine alone changes
	if target == (wire.ID{}) {
		target, _ = l.Network.Hash(0)
	}
	l.Start(probeTimeout, func(ctx context.Context) { //nolint:errcheck // we are to stop
		state := l.FindNode(ctx, target)
		found, of := reached(&state, l.closest(target))
		l.mu.Lock()
		defer l.mu.Unlock()
		m := &x.meter
		m.probing = false
		if of > 0 && found >= of-wellMissed && m.recovery < 0 {
			m.recovery = time.Since(m.mended)
		}
	})
}

// reached is how many of the nodes that are closest to its target replied to a lookup.
func reached(s *lookup.State, closest []netip.AddrPort) (found, of int) {
	for i := range s.Steps {
		if step := &s.Steps[i]; step.State == lookup.Replied && slices.Contains(closest, step.Addr) {
			found++
		}
	}
	return found, len(closest)
}

// Ended measures a lookup that has. Those that somebody gave up say nothing, nor do those without a network of ours.
func (l *Lab) Ended(s *lookup.State) {
	if s.Method != wire.GetPeers || s.Ending == lookup.Cancelled || l.Access.networkAway.Load() {
		return
	}
	held, missed := l.Network.HeldPeers(s.Target), 0
	for _, addr := range held {
		if !slices.ContainsFunc(s.Peers, func(p lookup.Peer) bool { return p.Addr == addr }) {
			missed++
		}
	}
	found, of := reached(s, l.closest(s.Target))
	besieged := l.isBesieged(s.Target)
	l.mu.Lock()
	defer l.mu.Unlock()
	m := &l.exp.meter
	m.lookups++
	m.missed += missed
	if len(held) > 0 {
		m.recall.add(1 - float64(missed)/float64(len(held)))
	}
	if of > 0 {
		m.closest.add(float64(found) / float64(of))
	}
	if s.Started.After(m.changed) {
		m.riskRight.add(share(besieged == (s.Risk.Level == lookup.HighRisk)))
	}
	if s.Target == l.exp.target {
		m.risk = s.Risk.Level.String()
	}
}

func share(yes bool) float64 {
	if yes {
		return 1
	}
	return 0
}
