package ledger

// trend counts requests by slots of time, the last TrendLen of them.
type trend struct {
	slot  int64 // the slot that the last element counts
	count [TrendLen]uint32
}

func (t *trend) add(slot int64) {
	t.count = t.upTo(slot)
	t.slot = max(slot, t.slot)
	t.count[TrendLen-1]++
}

// upTo returns the counts shifted so that the last element is slot.
func (t *trend) upTo(slot int64) (counts [TrendLen]uint32) {
	shift := max(slot-t.slot, 0)
	for i := shift; i < TrendLen; i++ {
		counts[i-shift] = t.count[i]
	}
	return counts
}
