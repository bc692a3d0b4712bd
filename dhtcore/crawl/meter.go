package crawl

// HistoryLen is how many seconds of discovery the Stats remember.
const HistoryLen = 120

// rateOver is how many seconds Rate is the mean of.
const rateOver = 5

// meter measures how many new hashes each second of the last two minutes brought.
type meter struct {
	seconds [HistoryLen]float64 // ring
	count   int
	last    uint64 // new hashes as of the last second
}

// tick notes how many hashes were new as of this second.
func (m *meter) tick(total uint64) {
	m.seconds[m.count%HistoryLen] = float64(total - m.last)
	m.count++
	m.last = total
}

// history returns the seconds, oldest first.
func (m *meter) history() (h []float64) {
	for i := max(m.count-HistoryLen, 0); i < m.count; i++ {
		h = append(h, m.seconds[i%HistoryLen])
	}
	return h
}

// rate returns the mean of the last few seconds.
func (m *meter) rate() float64 {
	n := min(m.count, rateOver)
	sum := 0.0
	for i := range n {
		sum += m.seconds[(m.count-1-i)%HistoryLen]
	}
	return sum / float64(max(n, 1))
}
