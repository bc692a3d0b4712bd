package ledger

import "time"

// History is how often a hash was requested over time, in slots from the oldest to the running one, which is not
// over yet.
type History struct {
	Trend   [TrendLen]uint32   // slots of TrendSlot: the last 50 s
	Minutes [minutesLen]uint32 // slots of MinuteSlot: the last five minutes, and the running slot
	Hour    [hourLen]uint32    // slots of HourSlot: the last hour, and the running slot
}

// The lengths of the slots of a History.
const (
	MinuteSlot = TrendSlot * time.Duration(minuteSlots)
	HourSlot   = TrendSlot * time.Duration(hourSlots)
)

// History returns when hash was requested; all zero if not within these slots.
func (l *Ledger) History(hash [20]byte, now time.Time) (h History) {
	v := l.epoch.instantAt(now)
	l.startReading()
	defer l.endReading()
	a, _ := l.find(l.index.key(&hash), &hash)
	if a == nil {
		return h
	}
	var one rates
	p := l.rates.of(a, &one)
	if p == nil {
		return h
	}
	slot := max(v.slot, p.slot)
	h.Trend, h.Minutes, h.Hour = p.trend, p.minutes, p.hour
	shift(h.Trend[:], slot-p.slot)
	shift(h.Minutes[:], slots(slot, p.slot, minuteSlots))
	shift(h.Hour[:], slots(slot, p.slot, hourSlots))
	return h
}
