package dhtcore

import (
	"sync"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// freshSeconds is the time in which new destinations are limited.
const freshSeconds = 60

// trafficMeter turns the nodes' running counts into rates, one sample a second. Its lock guards it.
type trafficMeter struct {
	mu      sync.Mutex
	last    node.Stats
	at      time.Time
	in, out float64 // packets/s
	methods [wire.Methods]MethodRate
	used    Limits
	fresh   []uint64 // new destinations so far, one a second of the last minute
	history []float64
}

// sample takes in the counts, once a second.
func (t *trafficMeter) sample(now node.Stats, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if seconds := at.Sub(t.at).Seconds(); !t.at.IsZero() && seconds > 0 {
		t.in = float64(now.PacketsIn-t.last.PacketsIn) / seconds
		t.out = float64(now.PacketsOut-t.last.PacketsOut) / seconds
		for m := range t.methods {
			a, b := &now.Methods[m], &t.last.Methods[m]
			t.methods[m] = MethodRate{In: float64(a.In-b.In) / seconds, Out: float64(a.Out-b.Out) / seconds}
		}
		t.used.Packets = float64(now.QueriesOut-t.last.QueriesOut) / seconds
		t.used.Bytes = float64(now.StartedBytes-t.last.StartedBytes) / seconds
		t.used.Inbound = float64(answers(now)-answers(t.last)) / seconds
		t.used.InboundBytes = float64(answeredBytes(now)-min(answeredBytes(t.last), answeredBytes(now))) / seconds
		if len(t.history) == HistoryLen {
			t.history = t.history[1:]
		}
		t.history = append(t.history, t.in)
	}
	t.fresh = append(t.fresh, now.NewDestinations)
	if len(t.fresh) > freshSeconds+1 {
		t.fresh = t.fresh[1:]
	}
	t.used.New = float64(now.NewDestinations - t.fresh[0])
	t.last, t.at = now, at
}

// answers counts the replies and errors that we sent.
func answers(s node.Stats) (n uint64) {
	for _, m := range s.Methods {
		n += m.RepliesOut
	}
	return n + s.ErrorsOut
}

// answeredBytes counts the bytes of the replies and errors that we sent.
func answeredBytes(s node.Stats) uint64 { return s.BytesOut - min(s.StartedBytes, s.BytesOut) }

// traffic returns the traffic with the counts s.
func (t *trafficMeter) traffic(s node.Stats, vs *vantages, now time.Time) Traffic {
	limits, blocked := vs.limits(), vs.blocked(now)
	var details node.MethodDetails
	vs.details(&details)
	t.mu.Lock()
	defer t.mu.Unlock()
	return Traffic{Stats: s, Details: details, MethodRates: t.methods, InRate: t.in, OutRate: t.out, History: append([]float64(nil), t.history...),
		Limits: limits, Used: t.used, Blocked: blocked}
}
