package dhtcore

import (
	"sync"
	"time"

	"dhtop/dhtcore/node"
)

// traffic turns the nodes' running counts into rates, one sample a second.
type traffic struct {
	mu      sync.Mutex
	last    node.Stats
	at      time.Time
	in, out float64 // packets/s
	started float64 // queries/s that we sent
	history []float64
}

func (t *traffic) sample(now node.Stats, at time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if seconds := at.Sub(t.at).Seconds(); !t.at.IsZero() && seconds > 0 {
		t.in = float64(now.PacketsIn-t.last.PacketsIn) / seconds
		t.out = float64(now.PacketsOut-t.last.PacketsOut) / seconds
		t.started = float64(now.QueriesOut-t.last.QueriesOut) / seconds
		if len(t.history) == HistoryLen {
			t.history = t.history[1:]
		}
		t.history = append(t.history, t.in)
	}
	t.last, t.at = now, at
}

// stats are the counts of all identities together.
func (e *Explorer) stats() (sum node.Stats) {
	for _, v := range e.vantages {
		sum = sum.Add(v.Stats())
	}
	return sum
}

// view returns the traffic with the counts s.
func (t *traffic) view(s node.Stats) Traffic {
	t.mu.Lock()
	defer t.mu.Unlock()
	return Traffic{Stats: s, InRate: t.in, OutRate: t.out, History: append([]float64(nil), t.history...),
		Started: t.started}
}
