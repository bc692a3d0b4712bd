package testnet

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// What Fault.Reorder does: a packet lets so many later ones pass, but waits no longer than that.
const (
	overtakenBy = 2
	heldFor     = 500 * time.Millisecond
)

// flow is all that passes between the network and one visitor in one direction, in the order that the visitor sees.
type flow struct {
	visitor   netip.AddrPort
	direction FaultDirection
}

// reordering holds packets back until others of their flow have passed.
type reordering struct {
	mu   sync.Mutex
	held map[flow][]*heldPacket
}

type heldPacket struct {
	behind int // packets that still overtake it
	timer  *time.Timer
	send   func()
}

// hold keeps a packet back. send delivers it later.
func (o *reordering) hold(of flow, send func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.held == nil {
		o.held = make(map[flow][]*heldPacket)
	}
	p := &heldPacket{behind: overtakenBy, send: send}
	p.timer = time.AfterFunc(heldFor, func() {
		if o.remove(of, p) {
			send()
		}
	})
	o.held[of] = append(o.held[of], p)
}

// remove reports whether p was still held back; it no longer is.
func (o *reordering) remove(of flow, p *heldPacket) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.Index(o.held[of], p)
	if i >= 0 {
		o.set(of, slices.Delete(o.held[of], i, i+1))
	}
	return i >= 0
}

// set replaces what is held back of a flow. mu is held.
func (o *reordering) set(of flow, held []*heldPacket) {
	if o.held[of] = held; len(held) == 0 {
		delete(o.held, of)
	}
}

// passed delivers those packets that enough others have overtaken, now that one more has.
func (o *reordering) passed(of flow) {
	for _, p := range o.overtaken(of) {
		p.timer.Stop()
		p.send()
	}
}

func (o *reordering) overtaken(of flow) (due []*heldPacket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	held := o.held[of]
	if len(held) == 0 {
		return nil
	}
	var left []*heldPacket
	for _, p := range held {
		if p.behind--; p.behind <= 0 {
			due = append(due, p)
		} else {
			left = append(left, p)
		}
	}
	o.set(of, left)
	return due
}
