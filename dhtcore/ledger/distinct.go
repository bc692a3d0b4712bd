package ledger

import (
	"encoding/binary"
	"net/netip"

	"github.com/axiomhq/hyperloglog"
)

// exactUpTo is how many addresses of one hash are counted exactly. Beyond it a HyperLogLog sketch
// (precision 14, standard error 0.8 %) takes over.
const exactUpTo = 64

// renewShare is the part of an estimate, one in a hundred, by which additions may have put it out
// before it is made again: that costs up to 0.4 ms, and a Snapshot reads a thousand of them.
const renewShare = 100

// distinct counts the different addresses it is given. The zero value is ready for use.
type distinct struct {
	exact    map[netip.AddrPort]struct{}
	sketch   *hyperloglog.Sketch
	estimate int // by the sketch
	since    int // additions since the estimate was made
}

func (d *distinct) add(ip netip.Addr, port uint16) {
	addr := netip.AddrPortFrom(ip.Unmap(), port)
	if d.sketch != nil {
		d.insert(addr)
		return
	}
	if d.exact == nil {
		d.exact = make(map[netip.AddrPort]struct{}, 1)
	}
	d.exact[addr] = struct{}{}
	if len(d.exact) > exactUpTo {
		d.sketch = hyperloglog.New14()
		for a := range d.exact {
			d.insert(a)
		}
		d.exact = nil
	}
}

func (d *distinct) insert(addr netip.AddrPort) {
	d.since++
	var key [18]byte
	ip := addr.Addr().As16()
	copy(key[:], ip[:])
	binary.BigEndian.PutUint16(key[16:], addr.Port())
	d.sketch.Insert(key[:])
}

func (d *distinct) count() int {
	if d.sketch == nil {
		return len(d.exact)
	}
	if d.since*renewShare >= d.estimate {
		d.estimate, d.since = int(d.sketch.Estimate()), 0
	}
	return d.estimate
}
