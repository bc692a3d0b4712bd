package ledger

import (
	"math"
	"time"
)

// The windows of a ranking besides all time. They move by slots: the running one counts, and those
// of the window before it.
const (
	FiveMinutes = 5 * time.Minute // in slots of 30 s
	LastHour    = time.Hour       // in slots of 5 min

	// In units of TrendSlot.
	minuteSlots = int(30 * time.Second / TrendSlot)
	hourSlots   = int(5 * time.Minute / TrendSlot)

	minutesLen = 1 + int(FiveMinutes/TrendSlot)/minuteSlots
	hourLen    = 1 + int(LastHour/TrendSlot)/hourSlots
	paceLen    = uint32(hourLen * hourSlots) // after which a pace has run out
)

// pace counts requests by slots of time. Only hashes that were requested twice or more, the last time
// within these slots, have one: a single request is known from the account, and a pace that has run
// out serves the next hash.
type pace struct {
	owner   uint32 // place of the account, or vacant
	slot    uint32 // the slot of TrendSlot that the last elements count
	trend   [TrendLen]uint32
	minutes [minutesLen]uint32
	hour    [hourLen]uint32
	_       uint32 // two cache lines
}

// What an account's pace is when it is not a place in l.paces.
const (
	longAgo      = ^uint32(0) // there was no request in the last slots, or never one
	firstRequest = longAgo - 1
	vacant       = longAgo - 2 // of the place of an account that left
)

// The slots of one request are not stored but those of the account's last sighting, so firstRequest
// ends with the first sighting in a later slot.

// slotOf is the slot of a time.
func slotOf(s stamp) uint32 { return uint32(s.ms() / TrendSlot.Milliseconds()) }

func (p *pace) add(slot, n uint32) {
	if slot > p.slot {
		shift(p.trend[:], slot-p.slot)
		shift(p.minutes[:], slots(slot, p.slot, minuteSlots))
		shift(p.hour[:], slots(slot, p.slot, hourSlots))
		p.slot = slot
	}
	p.trend[TrendLen-1] += n
	p.minutes[minutesLen-1] += n
	p.hour[hourLen-1] += n
}

// slots is how many slots of a length, in units of TrendSlot, lie between two of TrendSlot.
func slots(later, earlier uint32, length int) uint32 {
	return later/uint32(length) - earlier/uint32(length)
}

func shift(counts []uint32, by uint32) {
	n := min(int(by), len(counts))
	copy(counts, counts[n:])
	clear(counts[len(counts)-n:])
}

// view is a moment at which rows are read.
type view struct {
	slot    uint32
	weights [minutesLen]float64 // of a request in each slot of the minutes, for the rate
}

func (l *Ledger) viewAt(now time.Time) (v view) {
	at := l.stamp(now)
	v.slot = slotOf(at)
	// A slot's requests count as if spread evenly over it: what decays is the mean from its start to its end.
	length := (TrendSlot * time.Duration(minuteSlots)).Seconds()
	since := float64(at.ms()%(int64(minuteSlots)*TrendSlot.Milliseconds())) / 1000
	decay := math.Ln2 / RateHalfLife.Seconds()
	left, start := 1.0, since
	for i := minutesLen - 1; i >= 0; i-- {
		remains := math.Exp(-decay * start)
		if v.weights[i] = decay; start > 0.001 {
			v.weights[i] = (left - remains) / min(length, start)
		}
		left, start = remains, start+length
	}
	for i := range v.weights {
		v.weights[i] /= 1 - left // of even demand the rate is what it is, although older slots are gone
	}
	return v
}

// measure fills in what a row says about time.
func (p *pace) measure(r *HashRow, v *view) {
	slot := max(v.slot, p.slot)
	for i, from := 0, int(min(slot-p.slot, TrendLen)); from < TrendLen; i, from = i+1, from+1 {
		r.Trend[i] = p.trend[from]
	}
	r.Minutes, r.Rate = p.lately(v)
	r.Hour = p.hourly(v)
}

// lately returns the requests of the last five minutes and the rate.
func (p *pace) lately(v *view) (n uint64, rate float64) {
	from := int(min(slots(max(v.slot, p.slot), p.slot, minuteSlots), uint32(minutesLen)))
	for i, c := range p.minutes[from:] {
		n += uint64(c)
		rate += float64(c) * v.weights[i]
	}
	return n, rate
}

func (p *pace) hourly(v *view) (n uint64) {
	from := int(min(slots(max(v.slot, p.slot), p.slot, hourSlots), uint32(hourLen)))
	for _, c := range p.hour[from:] {
		n += uint64(c)
	}
	return n
}

// paceOf returns the pace of a, nil if there was no request in its slots. one is room for that of a
// single request.
func (l *Ledger) paceOf(a *account, one *pace) *pace {
	switch a.pace {
	case longAgo, vacant:
		return nil
	case firstRequest:
		*one = pace{slot: slotOf(a.last)}
		one.add(one.slot, 1)
		return one
	}
	return l.paces.at(a.pace)
}

// follow takes a sighting at the time now, requested or not, into the pace of a. It is called before
// a.last becomes now.
func (l *Ledger) follow(a *account, place uint32, requested bool, now stamp) {
	slot := slotOf(now)
	if requested && a.requests == 0 {
		a.pace = firstRequest
		return
	}
	if last := slotOf(a.last); a.pace == firstRequest && (requested || last != slot) {
		a.pace = longAgo
		if last+paceLen > slot {
			l.newPace(a, place, last, slot).add(last, 1)
		}
	}
	if !requested {
		return
	}
	if a.pace == longAgo {
		l.newPace(a, place, slot, slot)
	}
	l.paces.at(a.pace).add(slot, 1)
}

// newPace gives a a pace from a slot on: one of two that it looks at, in turn, if that has run out
// now, else a new one. Looking at two for each that is given keeps their number near that of the
// hashes in demand.
func (l *Ledger) newPace(a *account, place, from, now uint32) *pace {
	a.pace = longAgo
	for range min(2, l.paces.n) {
		l.paceHand = (l.paceHand + 1) % uint32(l.paces.n)
		p := l.paces.at(l.paceHand)
		if p.owner == vacant || p.slot+paceLen <= now {
			if p.owner != vacant {
				l.accounts.at(p.owner).pace = longAgo
			}
			a.pace = l.paceHand
			break
		}
	}
	if a.pace == longAgo {
		a.pace = l.paces.add()
	}
	p := l.paces.at(a.pace)
	*p = pace{owner: place, slot: from}
	return p
}
