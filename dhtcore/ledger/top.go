package ledger

import "bytes"

// ranking keeps the best TopLen accounts in order at all times, so that a Snapshot sorts nothing. It holds copies
// of the counts that decide a rank: moving a hash past its equals, of which the tail has many, touches a few
// kilobytes and not the accounts.
type ranking struct {
	members [TopLen]ranked
	order   [TopLen]uint16 // members by rank
	rank    [TopLen]uint16 // the reverse: where each member is in order
	n       int

	related     [TopLen]uint8 // of the members: see refreshRelated
	relatedTurn int           // the rank whose related hashes were counted last
	sketchTurn  int           // the rank whose sketches were estimated last
}

type ranked struct {
	requests, announces, tracked, samples uint32
	place                                 uint32 // of the account
	first                                 int64
}

func (l *Ledger) rankedOf(a *account, place uint32) ranked {
	return ranked{a.demand(), a.announces, l.trackedOf(a, place), a.samples, place, a.first.ms()}
}

// above reports whether a ranks above b: by requests, then announces, then announces to our tracker, then
// samples, then first sight. All but the
// last only grow, so an account only rises past others, by its own sightings.
func above(accounts *slab[account], a, b *ranked) bool {
	switch {
	case a.requests != b.requests:
		return a.requests > b.requests
	case a.announces != b.announces:
		return a.announces > b.announces
	case a.tracked != b.tracked:
		return a.tracked > b.tracked
	case a.samples != b.samples:
		return a.samples > b.samples
	case a.first != b.first:
		return a.first < b.first
	}
	return bytes.Compare(accounts.at(a.place).hash[:], accounts.at(b.place).hash[:]) < 0
}

// rise moves an account to its rank after one of its counts grew.
func (l *Ledger) rise(a *account, place uint32) { l.top.rise(&l.accounts, a, l.rankedOf(a, place)) }

// rise moves a to the rank that r says.
func (t *ranking) rise(accounts *slab[account], a *account, r ranked) {
	var from int
	switch top := a.sizes.top(); {
	case top != 0:
		from = int(t.rank[top-1])
	case t.n < TopLen:
		from = t.n
		t.order[from], t.rank[from] = uint16(from), uint16(from)
		t.n++
		a.sizes.setTop(uint16(from + 1))
	default:
		from = TopLen - 1
		lowest := t.order[from]
		if !above(accounts, &r, &t.members[lowest]) {
			return
		}
		accounts.at(t.members[lowest].place).sizes.setTop(0)
		a.sizes.setTop(lowest + 1)
		t.related[lowest] = 0
	}
	member := a.sizes.top() - 1
	t.members[member] = r
	if from == 0 || !above(accounts, &r, &t.members[t.order[from-1]]) {
		return
	}
	to, high := 0, from-1 // the first that a is above is in to..high
	for to < high {
		if mid := (to + high) / 2; above(accounts, &r, &t.members[t.order[mid]]) {
			high = mid
		} else {
			to = mid + 1
		}
	}
	copy(t.order[to+1:from+1], t.order[to:from])
	t.order[to] = member
	for i := to; i <= from; i++ {
		t.rank[t.order[i]] = uint16(i)
	}
}

// account returns the account of rank i, from 0.
func (t *ranking) account(accounts *slab[account], i int) *account {
	return accounts.at(t.members[t.order[i]].place)
}
