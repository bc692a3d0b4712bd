package crawl

import (
	"encoding/binary"
	"net/netip"
	"time"

	"dhtop/dhtcore/wire"
)

// How much a network may waste before what it says, or what others say of it, is doubted. On Mainline half
// of all contacts answer, in the worst parts a fifth.
const (
	tellerLeast = 32  // contacts of one teller's network that were asked, to judge by
	tellerYield = 16  // one in so many must have answered
	placeLeast  = 16  // nodes in one network that were asked, none of which answered: no more are
	placeMost   = 200 // nodes in one network that a sweep asks, which a provider's own have fewer of
	tellerBits  = 16
	placeBits   = 22 // some ten contacts of Mainline share a place by chance

	yieldWindow  = 256              // questions in a row to judge the yield by
	yieldPoor    = 32               // answers among them that are a collapse
	yieldSound   = 64               // answers among them that end it
	yieldRows    = 64               // rows that are open at once, at most
	doubtFor     = 60 * time.Second // at most
	trustedSlot  = 0                // of tellers that need no second one: our own routing table
	slotCountMax = 255
)

// slot counts for one network, /24 or /64, and the few that share its place by chance.
type slot struct{ asked, answered uint8 }

// add counts a question that has ended. The counts are halved when they are full, and so forget.
func (s *slot) add(answered bool) {
	if s.asked == slotCountMax {
		s.asked, s.answered = s.asked/2, s.answered/2
	}
	s.asked++
	if answered {
		s.answered++
	}
}

// doubt decides which contacts are worth a packet: by what came of those that the same network told of,
// of those in the same network, and of all lately.
type doubt struct {
	tellers [1 << tellerBits]slot
	places  []slot // of this sweep; nil until one is counted

	rows  [yieldRows]row // ring: questions in the order of asking, as silence is heard of later than an answer
	asked int
	since int       // what was asked before is not judged again
	until time.Time // the end of general doubt
}

// row counts what came of yieldWindow questions that were asked one after the other.
type row struct{ ended, answered int }

// asks returns the number of a question that is being put.
func (d *doubt) asks() (number int) {
	if number = d.asked; number%yieldWindow == 0 {
		d.rows[number/yieldWindow%yieldRows] = row{}
	}
	d.asked++
	return number
}

// slotOf returns where the network of a teller is counted.
func slotOf(seed uint64, a netip.AddrPort) uint16 {
	return max(uint16(networkHash(seed, a)), trustedSlot+1)
}

// placeOf returns where the network of who is asked is counted.
func placeOf(seed uint64, a netip.AddrPort) uint32 {
	return uint32(networkHash(seed, a) >> (64 - placeBits))
}

func networkHash(seed uint64, a netip.AddrPort) uint64 {
	network, _ := wire.Subnet(a.Addr())
	if !network.IsValid() {
		network = a.Addr() // many nodes of a local network are honest: each counts for itself
	}
	ip := network.As16()
	return mix(mix(seed^binary.BigEndian.Uint64(ip[:8]), binary.BigEndian.Uint64(ip[8:])), seed)
}

// at returns the slot of a place.
func (d *doubt) at(place uint32) *slot {
	if d.places == nil {
		d.places = make([]slot, 1<<placeBits)
	}
	return &d.places[place]
}

// believes tells whether a contact at place that the network teller told of, and perhaps others, is worth
// asking now.
func (d *doubt) believes(teller uint16, place uint32, told bool, now time.Time) bool {
	if p := d.at(place); p.asked >= placeMost || p.asked >= placeLeast && p.answered == 0 && !told {
		return false
	}
	if told || teller == trustedSlot {
		return true
	}
	if t := d.tellers[teller]; t.asked >= tellerLeast && int(t.answered)*tellerYield < int(t.asked) {
		return false
	}
	return !now.Before(d.until)
}

// ends counts a question to a contact that has ended, and tells whether the yield has just collapsed.
func (d *doubt) ends(number int, teller uint16, place uint32, answered bool, now time.Time) (collapsed bool) {
	if teller != trustedSlot {
		d.tellers[teller].add(answered)
	}
	d.at(place).add(answered)
	row := &d.rows[number/yieldWindow%yieldRows]
	if row.ended++; answered {
		row.answered++
	}
	switch {
	case row.ended < yieldWindow:
		return false
	case now.Before(d.until):
		if row.answered >= yieldSound {
			d.until = time.Time{}
		}
		return false
	case row.answered > yieldPoor || number < d.since:
		return false
	}
	d.until, d.since = now.Add(doubtFor), d.asked
	return true
}

// clear ends general doubt and forgets what led to it.
func (d *doubt) clear() { d.until, d.since = time.Time{}, d.asked }

// begin forgets what was counted of places, for a new sweep.
func (d *doubt) begin() { d.places = nil }
