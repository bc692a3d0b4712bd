package node

import (
	"math"
	"net/netip"
	"time"

	"golang.org/x/time/rate"

	"dhtop/dhtcore/wire"
)

// What an answer may weigh. The source address of a query can be forged, and then the answer hits somebody who asked
// for nothing. A source is proven when it receives what we send to its address: it has echoed a token or replied to a
// query of ours.
const (
	unprovenFactor   = 3                   // times the bytes of its query that an unproven source is sent
	sourceAllowance  = 8 << 10             // bytes beyond that, for a source: seven of the largest answers
	wornAllowance    = sourceAllowance / 4 // bytes that are left of an allowance that is used up
	allowanceRefill  = time.Minute         // until a used allowance is whole again
	provenFor        = 15 * time.Minute    // as long as a node is good after a reply
	unprovenShare    = 0.75                // of the bytes of all answers that may go to unproven sources
	wornShare        = 0.4                 // of them that may go to sources that have used up their allowance
	allowancesShare  = 0.25                // of them that may go to allowances, as a flood may forge many sources
	allowancesBurst  = 8                   // seconds of that saved up
	leastBudgetBurst = 4 * packetSize      // bytes, so that the largest answer always fits
)

// answerBudget bounds the bytes of our answers. Its limiters are nil where there is no limit.
type answerBudget struct {
	all        *rate.Limiter // bytes/s to everybody
	unproven   *rate.Limiter // to unproven sources
	worn       *rate.Limiter // to those of them that have used up their allowance: a flood leaves room for new ones
	allowances *rate.Limiter // to them beyond unprovenFactor
}

func newAnswerBudget(bytes float64) *answerBudget {
	return &answerBudget{
		all:        limiter(bytes, max(bytes, leastBudgetBurst)),
		unproven:   limiter(bytes*unprovenShare, max(bytes*unprovenShare, leastBudgetBurst)),
		worn:       limiter(bytes*wornShare, max(bytes*wornShare, leastBudgetBurst)),
		allowances: limiter(bytes*allowancesShare, max(bytes*allowancesShare*allowancesBurst, sourceAllowance)),
	}
}

// limit returns how many bytes the answer to a query of size bytes from s may have.
func (b *answerBudget) limit(s *sender, size int, now time.Time) int {
	if b.all == nil || s.table == nil || s.proven {
		return math.MaxInt
	}
	return unprovenFactor*size + int(min(float64(s.allowance), b.allowances.TokensAt(now)))
}

// spend takes an answer of n bytes within the limit from the budget. It returns false when the budget has no room.
func (b *answerBudget) spend(s *sender, n, size int, now time.Time) bool {
	if b.all == nil || s.table == nil {
		return true
	}
	if !s.proven {
		beyond := max(n-unprovenFactor*size, 0)
		worn := s.spend(beyond) < wornAllowance // even if it is not sent, so that a flood is soon worn
		if worn && !b.worn.AllowN(now, n) || !b.unproven.AllowN(now, n) {
			return false
		}
		b.allowances.AllowN(now, beyond)
	}
	return b.all.AllowN(now, n)
}

// spendProven takes an answer of n bytes to a proven source from the budget. It returns false when the
// budget has no room.
func (b *answerBudget) spendProven(n int, now time.Time) bool {
	return b.all == nil || b.all.AllowN(now, n)
}

// isProven reports whether what we send to the address of s has lately been received there.
func (s *source) isProven(now time.Time) bool { return now.UnixNano() < s.proven }

// prove notes that the packet in hand shows that its sender receives what we send to its address.
func (s *sender) prove(now time.Time) {
	s.proven = true
	s.with(func(of *source) { of.proven = now.Add(provenFor).UnixNano() })
}

// spend takes bytes from the allowance, and returns what it was before.
func (s *sender) spend(bytes int) (before float32) {
	s.with(func(of *source) {
		before = of.allowance
		of.allowance -= float32(bytes)
	})
	return before
}

// with calls change with the source, under its lock, unless it is forgotten.
func (s *sender) with(change func(*source)) {
	if s.table == nil {
		return
	}
	lock := s.table.lock(s.key)
	lock.Lock()
	defer lock.Unlock()
	if s.at.key == s.key && s.at.addr == s.addr {
		change(s.at)
	}
}

// appendReply appends the reply a to the query m of size bytes. What the budget has no room for is left out of the
// reply.
func (r *reader) appendReply(dst []byte, m *wire.Message, from netip.AddrPort, a *wire.Answer, size int, now time.Time) []byte {
	start := len(dst)
	limit := r.budget.Load().limit(&r.sender, size, now)
	dst = wire.AppendReply(dst, r.ID(), m.TID, from, a)
	for cuts, over := 0, len(dst)-start-limit; over > 0; over = len(dst) - start - limit {
		if !r.shorten(a, over) {
			r.counters.drop(m.Method, &r.counters.overBudget)
			return dst[:start]
		}
		if cuts++; cuts == 1 {
			r.counters.shortened.Add(1)
		}
		dst = wire.AppendReply(dst[:start], r.ID(), m.TID, from, a)
	}
	if !r.budget.Load().spend(&r.sender, len(dst)-start, size, now) {
		r.counters.drop(m.Method, &r.counters.overBudget)
		return dst[:start]
	}
	r.counters.replyTo(m.Method, len(dst)-start)
	return dst
}

// fewest is how many peers or nodes stay in a short reply while something else can be left out.
const fewest = 4

// shorten leaves something out of a that is over bytes too long: what costs most and is missed least. It returns false
// when nothing is left.
func (n *Node) shorten(a *wire.Answer, over int) bool {
	family := wire.FamilyOf(n.addr.Addr())
	own, other := &a.Nodes, &a.Nodes6
	if family == wire.IPv6 {
		own, other = other, own
	}
	valueLen := a.ValueLen + len("18:")
	switch {
	case a.Item != nil:
		a.Item = nil
	case a.SeedFilter != nil:
		a.SeedFilter, a.PeerFilter = nil, nil
	case len(*other) > 0:
		*other = nil
	case len(a.Samples) > 0:
		a.Samples = cut(a.Samples, len(wire.ID{}), len(wire.ID{}), over, 0)
	case len(a.Values) > fewest*a.ValueLen:
		a.Values = cut(a.Values, a.ValueLen, valueLen, over, fewest)
	case len(*own) > fewest*family.ContactLen():
		*own = cut(*own, family.ContactLen(), family.ContactLen(), over, fewest)
	case len(a.Values) > 0:
		a.Values = cut(a.Values, a.ValueLen, valueLen, over, 0)
	case len(*own) > 0:
		*own = cut(*own, family.ContactLen(), family.ContactLen(), over, 0)
	default:
		return false
	}
	return true
}

// cut shortens records of size bytes, which take cost bytes each in a packet, by over bytes, and to no fewer than least.
func cut(records []byte, size, cost, over, least int) []byte {
	left := max(len(records)/size-(over+cost-1)/cost, least)
	return records[:min(left*size, len(records))]
}
