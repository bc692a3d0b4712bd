package ledger

import (
	"encoding/binary"
	"net/netip"

	"github.com/axiomhq/hyperloglog"
)

// exactUpTo is how many addresses of one hash are counted exactly. Beyond it a HyperLogLog sketch
// (precision 14, standard error 0.8 %) takes over.
const exactUpTo = 64

// distinct counts the different addresses it is given. The zero value is ready for use.
type distinct struct {
	exact  map[netip.AddrPort]struct{}
	sketch *hyperloglog.Sketch
	cached int // the sketch's estimate, -1 when it has changed since: reading it costs 16,384 steps
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
	d.cached = -1
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
	if d.cached < 0 {
		d.cached = int(d.sketch.Estimate())
	}
	return d.cached
}
