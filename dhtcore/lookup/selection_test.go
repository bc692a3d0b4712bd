package lookup

import (
	"math"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

func TestTheMeritOfACandidate(t *testing.T) {
	l := fresh(Config{})
	const median = 100 * time.Millisecond
	merit := func(id byte, rtt time.Duration, referrers int) float64 {
		c := l.newCandidate(at(id, id), nil)
		c.rtt, c.step.Referrers = rtt, referrers
		return c.merit(wire.ID{}, median)
	}
	for _, c := range []struct {
		what string
		more float64 // bits
		a, b float64
	}{
		{"half the distance", 1, merit(1, 0, 1), merit(2, 0, 1)},
		{"an RTT twice the median", -3, merit(1, 2*median, 1), merit(1, 0, 1)},
		{"an RTT of half the median", 1.5, merit(1, median/2, 1), merit(1, median, 1)},
		{"three referrers instead of one", 1, merit(1, 0, 3), merit(1, 0, 1)},
		{"four referrers instead of three", 0.5, merit(1, 0, 4), merit(1, 0, 3)},
		{"more than four referrers", 0, merit(1, 0, 9), merit(1, 0, 4)},
	} {
		if math.Abs(c.a-c.b-c.more) > 0.01 {
			t.Errorf("%s: %.2f bits, want %.2f", c.what, c.a-c.b, c.more)
		}
	}
}

// Two nodes may be as close to the target as makes no difference: the one that more nodes name is queried
// first.
func TestTheBestCandidateIsQueriedFirst(t *testing.T) {
	l := fresh(Config{})
	referrers := []*candidate{l.newCandidate(at(1, 200), nil), l.newCandidate(at(2, 201), nil)}
	l.learn(at(10, 1, 0), referrers[0])
	l.learn(at(11, 1, 1), referrers[0])
	l.learn(at(11, 1, 1), referrers[1])
	if q := l.nextCloser(); q == nil || q.to.step.ID[1] != 1 || q.to.status != chosen || q.repeated() {
		t.Errorf("the first query is %+v", q)
	}
	if s := &l.shortlists[0]; s.queried != 1 || s.queriedIn[s.sorted[1].network] != 1 {
		t.Errorf("%d queried, %v", s.queried, s.queriedIn)
	}
}

func TestTheChanceOfAReply(t *testing.T) {
	l := fresh(Config{})
	out := l.cfg.Shared.outlook()
	seed := l.newCandidate(at(1, 1), nil)
	c := l.newCandidate(at(2, 2), seed)
	chance := func(c *candidate, waited time.Duration) float64 { return out.replyChance(c, c.step.Asked+waited) }
	if got := chance(seed, 0); got != 0.95 {
		t.Errorf("%.2f of a seed", got)
	}
	if got := chance(c, 0); got != 0.5 {
		t.Errorf("%.2f of a contact that others named", got)
	}
	if c.become(chosen); chance(c, time.Minute) != 0.5 {
		t.Error("the chance falls before the query is sent")
	}
	c.become(waiting)
	early, late := chance(c, 50*time.Millisecond), chance(c, 500*time.Millisecond)
	if early > 0.5 || late >= early || late > 0.2 {
		t.Errorf("%.2f after 50 ms, %.2f after 500 ms", early, late)
	}
	if came := out.rtts.within(50 * time.Millisecond); math.Abs(early-(1-came)/(2-came)) > 1e-9 { // Bayes
		t.Errorf("%.3f where %.3f of the replies would have come", early, came)
	}
	if c.become(overdue); chance(c, 500*time.Millisecond) != late {
		t.Error("another chance once it is overdue")
	}
	c.rtt = 400 * time.Millisecond
	if chance(c, 390*time.Millisecond) != 0.5 {
		t.Error("the chance falls before the RTT of the node has passed")
	}
	if c.failures = 1; chance(c, 0) != 0.2 {
		t.Error("a failure leaves the chance as it was")
	}
	if c.become(replied); chance(c, time.Hour) != 1 {
		t.Error("a reply is not certain after it came")
	}
}

// expect returns how many queries are in flight when no more are sent: none has a reply yet.
func expect(l *Lookup) (n int) {
	for q := l.nextCloser(); q != nil; q = l.nextCloser() {
		n++
	}
	return n
}

func TestHowManyRepliesAreExpectedAtATime(t *testing.T) {
	seeded := func(cfg Config) *Lookup {
		l := fresh(cfg)
		for i := range byte(30) {
			l.learn(at(i, 100+i), nil)
		}
		return l
	}
	if n := expect(seeded(Config{})); n != 5 {
		t.Errorf("%d queries at first", n)
	}
	l := seeded(Config{})
	l.shortlists[0].queried = DefaultAlpha + 1
	if n := expect(l); n != DefaultAlpha {
		t.Errorf("%d queries on the way", n)
	}
	l = seeded(Config{})
	l.shortlists[0].sorted[0].become(replied)
	if n := expect(l); n != DefaultK {
		t.Errorf("%d queries once the closest has replied", n)
	}
	l = seeded(Config{})
	for _, c := range l.shortlists[0].sorted {
		c.referrers = []*candidate{l.newCandidate(at(99, 99), nil)} // half of them may be dead
	}
	if n := expect(l); n != 2*DefaultAlpha {
		t.Errorf("%d queries where half of the nodes are dead", n)
	}
	l = seeded(Config{})
	if l.shortlists[0].queried = maxQueried; l.nextCloser() != nil {
		t.Error("queries beyond the limit")
	}
}

// In a network of a size that is known, a candidate may be so close that it is one of the k.
func TestNearTheTargetAllAreQueriedAtOnce(t *testing.T) {
	for _, c := range []struct {
		nodes float64
		want  int
	}{{20, 8}, {100_000, 5}} {
		shared := NewShared()
		shared.trackSize(0, measurement{squares: c.nodes, products: 1})
		l := fresh(Config{Shared: shared})
		for i := range byte(30) {
			l.learn(at(i, 100+i), nil) // a quarter of the key space away or more
		}
		if n := expect(l); n != c.want {
			t.Errorf("%d queries at once among %.0f nodes, want %d", n, c.nodes, c.want)
		}
	}
}

func TestWhileAReplyIsLateMoreQueriesAreSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fresh(Config{})
		for i := range byte(30) {
			l.learn(at(i, 100+i), nil)
		}
		for q := l.nextCloser(); q != nil; q = l.nextCloser() {
			l.handleAdmitted(q)
		}
		time.Sleep(600 * time.Millisecond)
		if expect(l) == 0 {
			t.Error("no more queries although all replies are late")
		}
	})
}
