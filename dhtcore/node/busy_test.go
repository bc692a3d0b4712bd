package node_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

func TestANodeThatDoesNotComeBackFromAPacketIsBusy(t *testing.T) {
	var held atomic.Pointer[chan struct{}]
	tap := func(wire.Direction, node.Packet) {
		if hold := held.Load(); hold != nil {
			<-*hold
		}
	}
	onAir(t, node.Config{Tap: tap}, func(r *rig) {
		r.ask(query("ping", ""))
		time.Sleep(time.Hour)
		if d := r.node.Busy(time.Now()); d != 0 {
			t.Errorf("nobody sends anything, and it is busy for %s", d)
		}
		hold := make(chan struct{})
		held.Store(&hold)
		r.send(query("ping", ""))
		time.Sleep(time.Minute)
		if d := r.node.Busy(time.Now()); d != time.Minute {
			t.Errorf("it is stuck in a packet for a minute, and busy for %s", d)
		}
		close(hold)
		synctest.Wait()
		if d := r.node.Busy(time.Now()); d != 0 {
			t.Errorf("it goes on, and is busy for %s", d)
		}
	})
}

func TestARunningNodeTakesOverTheLimitsOnWhatOthersSend(t *testing.T) {
	onAir(t, node.Config{}, func(r *rig) {
		answers := func(n int) (answered int) {
			for range n {
				r.send(query("ping", ""))
			}
			for range n {
				if strings.Contains(r.receive(), "1:y1:r") {
					answered++
				}
			}
			return answered
		}
		if n := answers(20); n != 20 {
			t.Fatalf("%d of 20 queries are answered without a limit", n)
		}
		l := node.Limits{InboundPerSource: 1}
		r.node.SetLimits(l)
		if n := answers(20); n != 5 { // what a source may save up
			t.Errorf("%d of 20 queries are answered at one a second", n)
		}
		if got := r.node.Limits(); got != l {
			t.Errorf("%+v", got)
		}
		r.node.SetLimits(node.Limits{Inbound: 1})
		if n := answers(20); n != 1 {
			t.Errorf("%d of 20 queries are answered at one a second to all", n)
		}
		r.node.SetLimits(node.Limits{})
		if n := answers(20); n != 20 {
			t.Errorf("%d of 20 queries are answered without a limit", n)
		}
	})
}
