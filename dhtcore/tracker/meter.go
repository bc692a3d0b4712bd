package tracker

import "sync"

// HistoryLen is how many seconds of announces Stats remembers.
const HistoryLen = 120

// meter remembers how many announces came in each of the last seconds. mu guards what follows it.
type meter struct {
	mu      sync.Mutex
	last    uint64 // announces at the last tick
	seconds []float64
}

// tick takes in all announces so far, a second after the last tick.
func (m *meter) tick(announces uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.seconds) == HistoryLen {
		copy(m.seconds, m.seconds[1:])
		m.seconds = m.seconds[:HistoryLen-1]
	}
	m.seconds = append(m.seconds, float64(announces-m.last))
	m.last = announces
}

// history returns the seconds, the oldest first.
func (m *meter) history() []float64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]float64(nil), m.seconds...)
}
