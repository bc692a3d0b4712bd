package lookup

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/wire"
)

// began returns a lookup with one referrer that has replied, and a candidate named by it whose query is in
// flight. It must be called in a bubble.
func began(contact wire.Contact) (l *Lookup, referrer *candidate, q *query) {
	l = fresh(Config{})
	referrer = l.newCandidate(at(1, 200), nil)
	referrer.become(replied)
	l.learn(contact, referrer)
	q = l.next()
	l.handleAdmitted(q)
	return l, referrer, q
}

// reply returns the result of q that the expected node replies with.
func (q *query) reply(rtt time.Duration) result {
	return result{q, wire.Reply{From: q.to.step.Contact, RTT: rtt}, nil}
}

func TestAQueryMakesItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, q := began(at(2, 2))
		c := q.to
		if c.status != waiting || len(l.open) != 1 || l.pending != nil || l.queries != 1 {
			t.Errorf("after it was admitted: status %d, %d open, %d sent", c.status, len(l.open), l.queries)
		}
		time.Sleep(q.timeout - time.Millisecond)
		if wait := l.expire(); wait != time.Millisecond || c.status != waiting || q.overdue {
			t.Errorf("before its timeout: status %d, %s to wait", c.status, wait)
		}
		time.Sleep(time.Millisecond)
		if wait := l.expire(); wait != 0 || c.status != overdue || !q.overdue {
			t.Errorf("after its timeout: status %d, %s to wait", c.status, wait)
		}
		if wait := l.expire(); wait != maxTimeout {
			t.Errorf("%s to wait for what is overdue", wait)
		}
		l.handleResult(q.reply(2 * time.Second))
		if c.status != replied || !c.step.Late || len(l.open) != 0 {
			t.Errorf("after a late reply: status %d, late: %v", c.status, c.step.Late)
		}
	})
}

func TestAWaitEndsAtTheMedianRTT(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, _, q := began(at(2, 2))
		median := l.cfg.Shared.medianRTT()
		if wait := l.expire(); wait != median || median >= q.timeout {
			t.Errorf("%s to wait, the median is %s, the timeout %s", wait, median, q.timeout)
		}
		time.Sleep(median)
		if wait := l.expire(); wait != q.timeout-median {
			t.Errorf("%s to wait after the median", wait)
		}
	})
}

func TestReferrersAreJudgedByTheirContacts(t *testing.T) {
	for _, c := range []struct {
		what              string
		late              bool
		result            func(q *query) result
		replies, failures int // of the referrer's contacts
		unresponsive      int // failures in a row of the contact
		want              status
	}{
		{"a reply", false, func(q *query) result { return q.reply(time.Millisecond) }, 1, 0, 0, replied},
		{"a late reply", true, func(q *query) result { return q.reply(2 * time.Second) }, 1, 1, 0, replied},
		{"no reply", true, func(q *query) result { return result{query: q, err: errors.New("timeout")} }, 0, 1, 1, unreachable},
		{"a query that cannot be sent", false, func(q *query) result { return result{query: q, err: errors.New("no route")} }, 0, 1, 0, unreachable},
		{"an error", false, func(q *query) result { return result{query: q, err: &wire.Error{Code: 202}} }, 0, 1, 1, lied},
		{"a reply under another ID", false, func(q *query) result {
			r := q.reply(time.Millisecond)
			r.reply.From.ID = wire.ID{77}
			return r
		}, 0, 1, 1, lied},
	} {
		synctest.Test(t, func(t *testing.T) {
			contact := at(2, 2)
			l, referrer, q := began(contact)
			if c.late {
				time.Sleep(q.timeout)
				l.expire()
			}
			l.handleResult(c.result(q))
			if referrer.referredReplies != c.replies || referrer.referredFailures != c.failures || q.to.status != c.want {
				t.Errorf("%s: %d replies and %d failures of its contacts, status %d", c.what,
					referrer.referredReplies, referrer.referredFailures, q.to.status)
			}
			if _, n := l.cfg.Shared.recall(contact); n != c.unresponsive {
				t.Errorf("%s: %d failures are remembered", c.what, n)
			}
		})
	}
}

func TestAnIDThatRepliesFromTwoAddressesLiesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := fresh(Config{})
		l.learn(at(1, 5), nil)
		l.learn(at(2, 5), nil)
		var queries []*query
		for range 2 {
			q := l.next()
			l.handleAdmitted(q)
			queries = append(queries, q)
		}
		for _, q := range queries {
			l.handleResult(q.reply(time.Millisecond))
		}
		if a, b := queries[0].to.status, queries[1].to.status; a != replied || b != lied {
			t.Errorf("status %d and %d", a, b)
		}
	})
}

// Only the first repeat to a node measures the loss of packets: more of them may be too many for it.
func TestTheFirstRepeatToANodeMeasuresTheLoss(t *testing.T) {
	for _, c := range []struct {
		repeats         int
		late, reply     bool
		replies, losses int
	}{
		{1, false, true, 1, 0},
		{1, true, false, 0, 1},
		{1, true, true, 1, 0}, // it was no loss after all
		{2, false, true, 0, 0},
		{2, true, false, 0, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			l := fresh(Config{})
			to := l.newCandidate(at(1, 1), nil)
			to.become(replied)
			to.source.repeats = c.repeats
			q := &query{to: to, purpose: forPeers}
			l.pending = q
			l.handleAdmitted(q)
			if c.late {
				time.Sleep(q.timeout)
				l.expire()
			}
			r := q.reply(time.Millisecond)
			if !c.reply {
				r = result{query: q, err: errors.New("timeout")}
			}
			l.handleResult(r)
			if s := &l.shortlists[0]; s.repeatReplies != c.replies || s.repeatLosses != c.losses || to.status != replied {
				t.Errorf("%+v: %d replies, %d losses, status %d", c, s.repeatReplies, s.repeatLosses, to.status)
			}
		})
	}
}
