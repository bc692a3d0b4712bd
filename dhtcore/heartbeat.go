package dhtcore

import (
	"fmt"
	"sync/atomic"
	"time"
)

// From when on a part that does not go on counts as stuck.
const (
	socketStuck       = 20 * time.Second // a batch of packets takes milliseconds, on a machine under load a second
	housekeepingStuck = 2 * time.Minute  // it goes on every second, but waits for the disk once in a while
)

// heartbeat is when a loop last went on, in nanoseconds of Unix time; 0 before it has begun.
type heartbeat struct{ at atomic.Int64 }

func (h *heartbeat) beat(now time.Time) { h.at.Store(now.UnixNano()) }

// since returns for how long the loop has not gone on; 0 before it has begun.
func (h *heartbeat) since(now time.Time) time.Duration {
	at := h.at.Load()
	if at == 0 {
		return 0
	}
	return now.Sub(time.Unix(0, at))
}

// Stuck returns what of the Explorer does not go on, one sentence each; nil if all does. It takes the locks that a packet
// takes, and so does not return while one of them is held for good: a watchdog has to take that for stuck too.
//
// The store is left out: a disk that is slow or full gets no better when the program is restarted, and what waits in
// memory would be lost.
func (e *Explorer) Stuck(now time.Time) (parts []string) {
	for _, v := range e.vantages.list {
		if busy := v.Busy(now); busy > socketStuck {
			parts = append(parts, fmt.Sprintf("the socket at %s has worked on one batch of packets for %s", v.Addr(), busy.Round(time.Second)))
		}
	}
	if idle := e.housekeeping.since(now); idle > housekeepingStuck {
		parts = append(parts, fmt.Sprintf("the housekeeping has not gone on for %s", idle.Round(time.Second)))
	}
	e.vantages.limits()
	e.vantages.contacts()
	e.ledger.Totals()
	e.journal.Seq()
	return parts
}
