package node_test

import (
	"context"
	"errors"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/table"
	"dhtop/dhtcore/wire"
)

type tableNode = table.Node

// asking sends a ping to the foreign socket and returns the transaction ID it used and the result.
func (r *rig) asking(ctx context.Context) (tid string, result <-chan error) {
	done := make(chan error, 1)
	go func() {
		_, err := r.node.Ping(ctx, wire.Contact{ID: foreignID, Addr: foreignAddr})
		done <- err
	}()
	synctest.Wait()
	var m wire.Message
	if err := wire.Scan([]byte(r.receive()), &m); err != nil {
		r.t.Fatal(err)
	}
	return string(m.TID), done
}

func reply(tid string) string {
	return "d1:rd2:id20:" + string(foreignID[:]) + "e1:t" + bstr(tid) + "1:y1:re"
}

func TestAReplyReachesItsQueryAndItsRTTIsMeasured(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		tid, done := r.asking(context.Background())
		time.Sleep(40 * time.Millisecond)
		r.send(reply(tid))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		_, nodes := r.node.Table(time.Now())
		if len(nodes) != 1 || nodes[0].RTT != 40*time.Millisecond {
			t.Errorf("table %+v", nodes)
		}
	})
}

func TestAReplyFromElsewhereOrToAnotherTransactionCountsForNothing(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		tid, done := r.asking(context.Background())
		r.send(reply("zz" + tid))
		r.foreign = r.newForeign(netip.MustParseAddrPort("10.0.0.9:4000"))
		r.send(reply(tid))
		if s := r.node.Stats(); s.Unsolicited != 2 || s.RepliesIn != 0 {
			t.Errorf("stats %+v", s)
		}
		if err := <-done; !errors.Is(err, node.ErrTimeout) {
			t.Errorf("got %v, want a timeout", err)
		}
	})
}

// Who asked may have moved on; the answer, or that there is none, still tells of the node.
func TestAnAnswerThatNobodyWaitsForIsNotLost(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		of := func(kind node.EventKind) (events []node.Event) {
			r.observing.Lock()
			defer r.observing.Unlock()
			for _, e := range r.events {
				if e.Kind == kind {
					events = append(events, e)
				}
			}
			return events
		}
		ctx, cancel := context.WithCancel(context.Background())
		tid, done := r.asking(ctx)
		time.Sleep(40 * time.Millisecond)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		r.send(reply(tid))
		synctest.Wait()
		if _, nodes := r.node.Table(time.Now()); len(nodes) != 1 || len(of(node.RepliedLate)) != 1 ||
			of(node.RepliedLate)[0].RTT != 1040*time.Millisecond || r.node.Stats().Unsolicited != 0 {
			t.Errorf("table %+v, events %+v", nodes, of(node.RepliedLate))
		}
		ctx, cancel = context.WithCancel(context.Background())
		_, done = r.asking(ctx)
		cancel()
		<-done //nolint:errcheck // cancelled by us
		time.Sleep(node.DefaultTimeout - time.Second)
		if s := r.node.Stats(); s.TimedOut != 0 || len(of(node.NeverReplied)) != 0 {
			t.Errorf("given up too early: %d timeouts, events %+v", s.TimedOut, of(node.NeverReplied))
		}
		time.Sleep(3 * time.Second)
		silent := of(node.NeverReplied)
		if s := r.node.Stats(); s.TimedOut != 1 || len(silent) != 1 || silent[0].From.Addr != foreignAddr || len(of(node.RepliedLate)) != 1 {
			t.Errorf("%d timeouts, events %+v", s.TimedOut, silent)
		}
	})
}

func TestErrorsAndBrokenRepliesEndTheQuery(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		tid, done := r.asking(context.Background())
		r.send("d1:eli202e6:brokene1:t" + bstr(tid) + "1:y1:ee")
		var refused *wire.Error
		if err := <-done; !errors.As(err, &refused) || refused.Code != 202 || refused.Text != "broken" {
			t.Errorf("got %v", err)
		}
		tid, done = r.asking(context.Background())
		r.send("d1:rde1:t" + bstr(tid) + "1:y1:re")
		if err := <-done; !errors.Is(err, wire.ErrInvalid) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTwoTimeoutsMakeANodeBad(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		c := wire.Contact{ID: foreignID, Addr: netip.MustParseAddrPort("10.0.0.77:1")}
		r.node.Vouch([]wire.Contact{c})
		for range 2 {
			if _, err := r.node.Ping(context.Background(), c); !errors.Is(err, node.ErrTimeout) {
				t.Fatal(err)
			}
		}
		if _, _, bad := r.node.Count(time.Now()); bad != 1 {
			t.Errorf("%d bad nodes", bad)
		}
	})
}

func TestAQueryEndsWithItsContext(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		ctx, cancel := context.WithCancel(context.Background())
		_, done := r.asking(ctx)
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}
