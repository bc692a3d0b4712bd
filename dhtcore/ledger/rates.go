package ledger

import (
	"math"
	"time"
)

// The windows of the rankings by time. They move by slots: the running slot counts, and the slots of the window
// before it.
const (
	FiveMinutes = 5 * time.Minute // in slots of 30 s
	LastHour    = time.Hour       // in slots of 5 min

	// In units of TrendSlot.
	minuteSlots = int(30 * time.Second / TrendSlot)
	hourSlots   = int(5 * time.Minute / TrendSlot)

	minutesLen = 1 + int(FiveMinutes/TrendSlot)/minuteSlots
	hourLen    = 1 + int(LastHour/TrendSlot)/hourSlots
	ratesLen   = uint32(hourLen * hourSlots) // after which rates are expired
)

// rates counts the requests of a hash by slots of time. Only hashes that were requested twice or more, the last
// time within these slots, have one: a single request is known from the account, and another hash reuses expired
// rates.
type rates struct {
	owner   uint32 // place of the account, or vacant
	slot    uint32 // the slot of TrendSlot that the last elements count
	trend   [TrendLen]uint32
	minutes [minutesLen]uint32
	hour    [hourLen]uint32
	_       uint32 // pads to two cache lines
}

// ratesTable holds the rates of all accounts.
type ratesTable struct {
	slab[rates]
	hand uint32 // the place last considered for reuse
}

// The rates of an account without a place in l.rates.
const (
	longAgo      = ^uint32(0) // no request within the slots
	firstRequest = longAgo - 1
	vacant       = longAgo - 2 // the place has no account
)

// The time of a single request is not stored, but that of the last sighting of the account is. So firstRequest ends
// with the first sighting in a later slot.

// slotOf returns the slot of a time.
func slotOf(s stamp) uint32 { return uint32(s.ms() / TrendSlot.Milliseconds()) }

func (p *rates) add(slot, n uint32) {
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

// slots returns how many slots of a length, in units of TrendSlot, lie between two of TrendSlot.
func slots(later, earlier uint32, length int) uint32 {
	return later/uint32(length) - earlier/uint32(length)
}

func shift(counts []uint32, by uint32) {
	n := min(int(by), len(counts))
	copy(counts, counts[n:])
	clear(counts[len(counts)-n:])
}

// instant is the time for which rows are read.
type instant struct {
	slot    uint32
	weights [minutesLen]float64 // of a request in each slot of the minutes, for the rate
}

func (e epoch) instantAt(now time.Time) (v instant) {
	at := e.stamp(now)
	v.slot = slotOf(at)
	// The requests of a slot count as if spread evenly over it, so their weight is the mean decay over the slot.
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
		v.weights[i] /= 1 - left // corrects for the dropped older slots: steady demand gives its true rate
	}
	return v
}

// measure sets the fields of a row that depend on time.
func (p *rates) measure(r *HashRow, v *instant) {
	slot := max(v.slot, p.slot)
	for i, from := 0, int(min(slot-p.slot, TrendLen)); from < TrendLen; i, from = i+1, from+1 {
		r.Trend[i] = p.trend[from]
	}
	r.Minutes, r.Rate = p.lastMinutes(v)
	r.Hour = p.lastHour(v)
}

// lastMinutes returns the requests of the last five minutes, and the rate.
func (p *rates) lastMinutes(v *instant) (n uint64, rate float64) {
	from := int(min(slots(max(v.slot, p.slot), p.slot, minuteSlots), uint32(minutesLen)))
	for i, c := range p.minutes[from:] {
		n += uint64(c)
		rate += float64(c) * v.weights[i]
	}
	return n, rate
}

// lastHour returns the requests of the last hour.
func (p *rates) lastHour(v *instant) (n uint64) {
	from := int(min(slots(max(v.slot, p.slot), p.slot, hourSlots), uint32(hourLen)))
	for _, c := range p.hour[from:] {
		n += uint64(c)
	}
	return n
}

// of returns the rates of a, nil if they are all zero. one is room for those of a single request.
func (t *ratesTable) of(a *account, one *rates) *rates {
	switch a.rates {
	case longAgo, vacant:
		return nil
	case firstRequest:
		*one = rates{slot: slotOf(a.last)}
		one.add(one.slot, 1)
		return one
	}
	return t.at(a.rates)
}

// record adds a sighting at the time now, a counted request or not, to the rates of a. It must be called before
// a.last becomes now.
func (t *ratesTable) record(accounts *slab[account], a *account, place uint32, requested bool, now stamp) {
	slot := slotOf(now)
	if requested && a.requests == 0 {
		a.rates = firstRequest
		return
	}
	if last := slotOf(a.last); a.rates == firstRequest && (requested || last != slot) {
		a.rates = longAgo
		if last+ratesLen > slot {
			t.alloc(accounts, a, place, last, slot).add(last, 1)
		}
	}
	if !requested {
		return
	}
	if a.rates == longAgo {
		t.alloc(accounts, a, place, slot, slot)
	}
	t.at(a.rates).add(slot, 1)
}

// alloc gives a rates from a slot on: expired ones, if one of the two that it looks at in turn is, else new
// ones. Looking at two for each allocation keeps their number near that of the hashes in demand.
func (t *ratesTable) alloc(accounts *slab[account], a *account, place, from, now uint32) *rates {
	a.rates = longAgo
	for range min(2, t.n) {
		t.hand = (t.hand + 1) % uint32(t.n)
		p := t.at(t.hand)
		if p.owner == vacant || p.slot+ratesLen <= now {
			if p.owner != vacant {
				accounts.at(p.owner).rates = longAgo
			}
			a.rates = t.hand
			break
		}
	}
	if a.rates == longAgo {
		a.rates = t.add()
	}
	p := t.at(a.rates)
	*p = rates{owner: place, slot: from}
	return p
}
