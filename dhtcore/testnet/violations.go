package testnet

import (
	"bytes"
	"net/netip"
	"time"

	"dhtop/dhtcore/node"
	"dhtop/dhtcore/wire"
)

// intervalSlack is how much sooner a guest may ask for another sample: intervals are in whole seconds.
const intervalSlack = time.Second

// intervalKey is in every answer to sample_infohashes.
var intervalKey = []byte("8:intervali")

// Violations returns how many queries for samples of guests came sooner than the node that got them had asked of
// that guest (BEP 51), since the start.
func (n *Network) Violations() int { return int(n.violations.Load()) }

// tellsGuests remembers the intervals that l tells guests.
func (l *link) tellsGuests(ps []node.Packet) {
	for _, p := range ps {
		if !l.network.isGuest(p.Addr) || !bytes.Contains(p.Buf, intervalKey) {
			continue
		}
		var m wire.Message
		if wire.Scan(p.Buf, &m) != nil || !m.HasSamples {
			continue
		}
		until := time.Now().Add(time.Duration(m.Interval) * time.Second)
		l.mu.Lock()
		if l.until == nil {
			l.until = make(map[netip.AddrPort]time.Time)
		}
		l.until[p.Addr] = until // of guests only, who are few
		l.mu.Unlock()
	}
}

// hearsGuest counts p if it asks for a sample too soon.
func (l *link) hearsGuest(p *node.Packet) {
	if !l.network.isGuest(p.Addr) || !bytes.Contains(p.Buf, sampleMethod) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if time.Until(l.until[p.Addr]) > intervalSlack {
		l.network.violations.Add(1)
	}
}
