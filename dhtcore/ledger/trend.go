package ledger

// trend counts requests by slots of time, the last TrendLen of them. Only hashes that were requested
// twice or more, the last time within these slots, have one: a single request is known from the
// account, and a trend that has run out serves the next hash.
type trend struct {
	owner uint32 // place of the account
	slot  uint32 // the slot that the last element counts
	count [TrendLen]uint32
}

// What an account's trend is when it is not a place in l.trends.
const (
	longAgo      = ^uint32(0) // there was no request in the last slots, or never one
	firstRequest = longAgo - 1
)

// The slots of one request are not stored but those of the account's last sighting, so firstRequest
// ends with the first sighting in a later slot.

// slotOf is the slot of a time.
func slotOf(s stamp) uint32 { return uint32(s.ms() / TrendSlot.Milliseconds()) }

func (t *trend) add(slot, n uint32) {
	t.count = t.upTo(slot)
	t.slot = max(slot, t.slot)
	t.count[TrendLen-1] += n
}

// upTo returns the counts shifted so that the last element is slot.
func (t *trend) upTo(slot uint32) (counts [TrendLen]uint32) {
	shift := max(int64(slot)-int64(t.slot), 0)
	for i := shift; i < TrendLen; i++ {
		counts[i-shift] = t.count[i]
	}
	return counts
}

// trendOf returns the trend of a as of slot.
func (l *Ledger) trendOf(a *account, slot uint32) [TrendLen]uint32 {
	switch a.trend {
	case longAgo:
		return [TrendLen]uint32{}
	case firstRequest:
		first := trend{slot: slotOf(a.last), count: [TrendLen]uint32{TrendLen - 1: 1}}
		return first.upTo(slot)
	}
	return l.trends.at(a.trend).upTo(slot)
}

// follow takes a sighting at the time now, requested or not, into the trend of a. It is called before
// a.last becomes now.
func (l *Ledger) follow(a *account, place uint32, requested bool, now stamp) {
	slot := slotOf(now)
	if requested && a.requests == 0 {
		a.trend = firstRequest
		return
	}
	if last := slotOf(a.last); a.trend == firstRequest && (requested || last != slot) {
		a.trend = longAgo
		if last+TrendLen > slot {
			l.newTrend(a, place, last, slot).add(last, 1)
		}
	}
	if !requested {
		return
	}
	if a.trend == longAgo {
		l.newTrend(a, place, slot, slot)
	}
	l.trends.at(a.trend).add(slot, 1)
}

// newTrend gives a a trend from a slot on: one of two that it looks at, in turn, if that has run out
// now, else a new one. Looking at two for each that is given keeps their number near that of the
// hashes in demand.
func (l *Ledger) newTrend(a *account, place, from, now uint32) *trend {
	a.trend = longAgo
	for range min(2, l.trends.n) {
		l.trendHand = (l.trendHand + 1) % uint32(l.trends.n)
		if t := l.trends.at(l.trendHand); t.slot+TrendLen <= now {
			l.accounts.at(t.owner).trend = longAgo
			a.trend = l.trendHand
			break
		}
	}
	if a.trend == longAgo {
		a.trend = l.trends.add()
	}
	t := l.trends.at(a.trend)
	*t = trend{owner: place, slot: from}
	return t
}
